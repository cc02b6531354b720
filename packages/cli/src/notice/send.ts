import { BreakwaterError } from '@breakwater/rules';
import type { Command } from 'commander';
import { printJson, printText, readBinaryFile, startProgress, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';
import { readNoticeFile } from './lint.ts';
import { spellSending } from './status.ts';

/** Largest list of numbers that is read, bytes: about five million. */
const mostNumberBytes = 64 * 1024 * 1024;

type SendOptions = { plan: string; by: string; recipients?: string; json?: boolean };

/** `notice send FILE`. */
export function defineSend(notice: Command): void {
  const command = withJson(
    notice
      .command('send')
      .description('Put a notice on the public site, and send it by text message to a list of mobile numbers.')
      .argument('<file>', 'notice (breakwater.notice/1) in YAML or JSON')
      .requiredOption('--plan <id>', 'the work plan it announces')
      .requiredOption('--by <person>', 'who sends it: a pseudonym such as p-03')
      .option(
        '--recipients <file>',
        'one mobile number a line (first column), - for standard input; left out: website only',
      )
      .action(send),
  );
  withExamples(command, [
    [
      './breakwater notice send notice.yaml --plan transfer-openssl-2026-11 --by p-03 --recipients -',
      'numbers come from standard input and are kept encrypted',
    ],
    ['./breakwater notice send notice.yaml --plan transfer-openssl-2026-11 --by p-03', 'the public site only'],
  ]);
}

async function send(file: string, { plan, by, recipients, json }: SendOptions): Promise<void> {
  if (file === '-' && recipients === '-') {
    throw new BreakwaterError(
      'usage.standard-input',
      'standard input cannot be both the notice and the list: name a file',
      '--recipients',
    );
  }
  const { value } = await readNoticeFile(file);
  const numbers = recipients === undefined ? null : await readBinaryFile(recipients, mostNumberBytes);
  const server = localServer();
  const progress = startProgress();
  const { data: submitted } = await server.POST('/notices', { body: { plan, by, document: value as never } });
  const id = required(submitted).notice;
  const path = { id };
  progress.update(`${id}: publishing …`);
  const { data: published } = await server.POST('/notices/{id}/publish', { params: { path }, body: { by } });
  const website = required(published);
  progress.update(`${id}: loading recipients …`);
  const sms = numbers === null ? null : await sendNumbers(server, id, by, numbers);
  progress.end();
  if (json === true) return printJson({ notice: id, website, sms });
  printText(
    [
      id,
      `홈페이지 · website  ${website.at}  ${website.url}`,
      ...(sms === null ? [] : [spellSending(sms)]),
      `진행 상황 · progress: ./breakwater notice status ${id}`,
    ].join('\n'),
  );
}

async function sendNumbers(server: ReturnType<typeof localServer>, id: string, by: string, numbers: Uint8Array) {
  const { data } = await server.POST('/notices/{id}/sendings', {
    params: { path: { id }, query: { by } },
    headers: { 'content-type': 'text/csv' },
    body: numbers,
    bodySerializer: (bytes: unknown) => bytes as Uint8Array<ArrayBuffer>,
  });
  return required(data);
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the server answered without content');
  return value;
}
