import type { Command } from 'commander';
import { printJson, printRows, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';

/** `notice drafts`. */
export function defineDrafts(notice: Command): void {
  const command = withJson(
    notice
      .command('drafts')
      .description('Drafts that are neither announced nor discarded. Those of a trip lie here prefilled.')
      .option('--plan <id>', 'of this work plan only')
      .action(drafts),
  );
  withExamples(command, [
    ['./breakwater notice drafts', 'then: ./breakwater notice announce ID --by p-03'],
    ['./breakwater notice drafts --plan transfer-openssl-2026-11 --json', 'with every document and its lint'],
  ]);
}

async function drafts({ plan, json }: { plan?: string; json?: boolean }): Promise<void> {
  const query = plan === undefined ? {} : { plan };
  const { data } = await localServer().GET('/notices/drafts', { params: { query } });
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) return printJson(data);
  const rows = data.drafts.map(({ draft, plan: of, revision, document, lint, savedAt }) => {
    const errors = lint.findings.filter(({ severity }) => severity === 'error').length;
    const fit = errors === 0 ? '게시할 수 있음 · fit' : `오류 ${errors} · ${errors} errors`;
    return `${draft}  ${document.kind}  ${of}  r${revision}  ${savedAt}  ${fit}`;
  });
  printRows(rows, '작성 중인 안내가 없습니다. · no drafts');
}
