import { Option, type Command } from 'commander';
import { printJson, printRows, printText, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';
import { spellSending } from './status.ts';

type Steered = { by: string; channel: 'sms' | 'email'; json?: boolean };

/** `notice pause`, `resume`, `stop`, `halt`, `release` and `rejected`. */
export function defineSteering(notice: Command): void {
  for (const [act, does] of [
    ['pause', 'Hold a sending: what was not handed over waits.'],
    ['resume', 'Go on with a sending that is held.'],
    ['stop', 'Stop a sending for good: what was not handed over never is.'],
  ] as const) {
    const command = withJson(
      notice
        .command(act)
        .description(does)
        .argument('<id>', 'the notice, as `notice send` named it')
        .requiredOption('--by <person>', 'who does it: a pseudonym such as p-03')
        .addOption(channelOption())
        .action((id: string, options: Steered) => steer(act, id, options)),
    );
    withExamples(command, [[`./breakwater notice ${act} transfer-openssl-2026-11-advance-1a2b3c4d --by p-03`, does]]);
  }
  defineHalt(notice);
  const rejected = withJson(
    notice
      .command('rejected')
      .description('Lines of the list that reach nobody, and why; the first 10,000.')
      .argument('<id>', 'the notice')
      .addOption(channelOption())
      .action(listRejected),
  );
  withExamples(rejected, [
    [
      './breakwater notice rejected transfer-openssl-2026-11-advance-1a2b3c4d',
      'each line by its number, never by what stands there',
    ],
  ]);
}

const channelOption = (): Option =>
  new Option('--channel <name>', 'sms or email').choices(['sms', 'email']).default('sms');

async function steer(act: 'pause' | 'resume' | 'stop', id: string, { by, channel, json }: Steered): Promise<void> {
  const { data } = await localServer().POST(`/notices/{id}/${act}`, {
    params: { path: { id } },
    body: { by, channel },
  });
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) return printJson(data);
  printText(data.sendings.map(spellSending).join('\n'));
}

function defineHalt(notice: Command): void {
  const halt = withJson(
    notice
      .command('halt')
      .description(
        'Hold all sendings at once, also those that are begun later. Nothing leaves after the messages on their way.',
      )
      .requiredOption('--by <person>', 'who does it')
      .requiredOption('--reason <text>', 'why: it stands in the evidence')
      .action((options: { by: string; reason: string; json?: boolean }) => setHalt(options)),
  );
  withExamples(halt, [
    ['./breakwater notice halt --by p-03 --reason "wrong text"', 'every worker stops within a window'],
  ]);
  const release = withJson(
    notice
      .command('release')
      .description('Let sendings go on.')
      .requiredOption('--by <person>', 'who does it')
      .action((options: { by: string; json?: boolean }) => setHalt(options)),
  );
  withExamples(release, [['./breakwater notice release --by p-03', 'what is left of each sending goes on']]);
}

async function setHalt({ by, reason, json }: { by: string; reason?: string; json?: boolean }): Promise<void> {
  const server = localServer();
  const { data } =
    reason === undefined
      ? await server.POST('/notices/release', { body: { by } })
      : await server.POST('/notices/halt', { body: { by, reason } });
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) return printJson(data);
  const { halted } = data;
  printText(
    halted === null
      ? '발송할 수 있음 · sendings go on'
      : `전체 발송 중지 · all sendings are held since ${halted.at} by ${halted.by}: ${halted.reason}`,
  );
}

async function listRejected(id: string, { channel, json }: Omit<Steered, 'by'>): Promise<void> {
  const server = localServer();
  const lines: { line: number; reason: string }[] = [];
  for (let after = 0; ;) {
    const query = { channel, after };
    const { data } = await server.GET('/notices/{id}/rejected', { params: { path: { id }, query } });
    const last = data?.lines.at(-1);
    if (data === undefined || last === undefined) break;
    lines.push(...data.lines);
    after = last.line;
  }
  if (json === true) return printJson({ notice: id, channel, lines });
  printRows(
    lines.map(({ line, reason }) => `${line}\t${reason}`),
    '모든 줄이 발송 대상임 · every line is a recipient',
  );
}
