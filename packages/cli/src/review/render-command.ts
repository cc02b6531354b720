/** `dossier render`. */
import { containerLimits } from '@breakwater/verify';
import type { Command } from 'commander';
import { exit, finish, printJson, printText, readBinaryFile, withExamples, withJson } from '../frame.ts';
import { writeNewFile } from '../plan/write-new.ts';

type Asked = { out?: string; json?: boolean };

export function defineRender(dossier: Command): void {
  const command = withJson(
    dossier
      .command('render')
      .description(
        'Render the PDF of a dossier again from its members, and say whether its bytes are the same. Needs no server.',
      )
      .argument('<dossier>', 'dossier (.zip)')
      .option('--out <file>', 'where the PDF goes; must not exist')
      .action(render),
  );
  withExamples(command, [
    ['./breakwater dossier render dossier.zip --out again.pdf', 'exit 0: the same bytes, 1: other bytes'],
  ]);
}

async function render(file: string, { out, json }: Asked): Promise<void> {
  const { renderAgain } = await import('./render.ts');
  const { pdf, same, rules } = await renderAgain(await readBinaryFile(file, containerLimits.zip));
  if (out !== undefined) await writeNewFile(out, pdf);
  if (json === true) printJson({ schema: 'breakwater.rendering/1', same, bytes: pdf.length, rules, pdf: out ?? null });
  else {
    printText(
      same
        ? '다시 만든 PDF가 봉인된 것과 같습니다. · The same bytes as sealed.'
        : `다시 만든 PDF가 봉인된 것과 다릅니다(규칙 ${rules}로 만든 자료). · Other bytes than sealed; the dossier was made with rules ${rules}.`,
    );
  }
  finish(same ? exit.done : exit.no);
}
