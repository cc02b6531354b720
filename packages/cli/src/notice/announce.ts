import type { Command } from 'commander';
import { printJson, printText, startProgress, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';
import { spellSending } from './status.ts';

/** `notice announce ID`. */
export function defineAnnounce(notice: Command): void {
  const command = withJson(
    notice
      .command('announce')
      .description(
        'Publish a draft or a notice and send it where it must be told again: to those who were told of this work before, or else to the customers of its services.',
      )
      .argument('<id>', 'a draft (`notice drafts` lists them) or a notice')
      .requiredOption('--by <person>', 'who announces it: a pseudonym such as p-03')
      .option('--wake <reason>', 'send by text message between 21:00 and 08:00 too, for this reason; it is evidence')
      .action(announce),
  );
  withExamples(command, [
    [
      './breakwater notice announce 01JD2V-disruption --by p-03 --wake "긴급 장애 안내"',
      'one press after a trip: the notice lies prefilled',
    ],
  ]);
}

type AnnounceOptions = { by: string; wake?: string; json?: boolean };

async function announce(id: string, { by, wake, json }: AnnounceOptions): Promise<void> {
  const progress = startProgress();
  progress.update(`${id}: publishing …`);
  const { data } = await localServer().POST('/notices/{id}/announce', {
    params: { path: { id } },
    body: { by, ...(wake === undefined ? {} : { wake }) },
  });
  progress.end();
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) return printJson(data);
  printText(
    [
      data.notice,
      `홈페이지 · website  ${data.website.at}  ${data.website.page}`,
      data.sms === null
        ? '문자로 다시 알릴 내용이 없음 · nothing to be told again by text message'
        : spellSending(data.sms),
      `진행 상황 · progress: ./breakwater notice status ${data.notice}`,
    ].join('\n'),
  );
}
