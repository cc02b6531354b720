import { BreakwaterError } from '@breakwater/rules';
import { Option, type Command } from 'commander';
import { printJson, printText, startProgress, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';
import { readNoticeFile } from './lint.ts';
import { asStream, openList, withList, type ListOptions } from './list-source.ts';
import { spellSending } from './status.ts';

type SendOptions = ListOptions & { plan: string; by: string; channel: 'sms' | 'email'; wake?: string; json?: boolean };

/** `notice send FILE`. */
export function defineSend(notice: Command): void {
  const command = withJson(
    notice
      .command('send')
      .description(
        'Put a notice on the public site, and send it by text message to a list of mobile numbers. A list that broke off is sent again from its beginning: it goes on where it was.',
      )
      .argument('<file>', 'notice (breakwater.notice/1) in YAML or JSON')
      .requiredOption('--plan <id>', 'the work plan it announces')
      .requiredOption('--by <person>', 'who sends it: a pseudonym such as p-03')
      .addOption(
        new Option('--channel <name>', 'sms, or email as a further channel').choices(['sms', 'email']).default('sms'),
      )
      .option('--wake <reason>', 'send by text message between 21:00 and 08:00 too, for this reason; it is evidence')
      .action(send),
  );
  withList(command);
  withExamples(command, [
    [
      './breakwater notice send notice.yaml --plan transfer-openssl-2026-11 --by p-03 --recipients -',
      'numbers come from standard input and are kept encrypted',
    ],
    [
      './breakwater notice send notice.yaml --plan transfer-openssl-2026-11 --by p-03 --query affected.sql --database-file crm.url',
      'the customers that a query finds, read by a cursor',
    ],
    ['./breakwater notice send notice.yaml --plan transfer-openssl-2026-11 --by p-03', 'the public site only'],
  ]);
}

async function send(file: string, { plan, by, channel, wake, json, ...of }: SendOptions): Promise<void> {
  if (file === '-' && of.recipients === '-') {
    throw new BreakwaterError(
      'usage.standard-input',
      'standard input cannot be both the notice and the list: name a file',
      '--recipients',
    );
  }
  const { value } = await readNoticeFile(file);
  const server = localServer();
  const progress = startProgress();
  const list = await openList(of, progress);
  const { data: submitted } = await server.POST('/notices', { body: { plan, by, document: value as never } });
  const id = required(submitted).notice;
  const path = { id };
  progress.update(`${id}: publishing …`);
  const { data: published } = await server.POST('/notices/{id}/publish', { params: { path }, body: { by } });
  const website = required(published);
  progress.update(`${id}: loading recipients …`);
  const sms =
    list === null
      ? null
      : await sendList(server, id, { by, channel, ...(wake === undefined ? {} : { wake }), ...column(of) }, list);
  progress.end();
  if (json === true) return printJson({ notice: id, website, [channel]: sms });
  printText(
    [
      id,
      `홈페이지 · website  ${website.at}  ${website.url}`,
      ...(sms === null ? [] : [spellSending(sms)]),
      `진행 상황 · progress: ./breakwater notice status ${id}`,
    ].join('\n'),
  );
}

const column = (of: ListOptions): { column?: string } => (of.column === undefined ? {} : { column: of.column });

async function sendList(
  server: ReturnType<typeof localServer>,
  id: string,
  query: { by: string; channel: 'sms' | 'email'; column?: string; wake?: string },
  list: ReadableStream<Uint8Array>,
) {
  const { data } = await server.POST('/notices/{id}/sendings', {
    params: { path: { id }, query },
    body: list,
    ...asStream,
  });
  return required(data);
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the server answered without content');
  return value;
}
