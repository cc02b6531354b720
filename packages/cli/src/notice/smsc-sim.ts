import { readFileSync } from 'node:fs';
import { startSmsGateway } from '@breakwater/sample-bank';
import { BreakwaterError } from '@breakwater/rules';
import type { Command } from 'commander';
import { NotChecked, printJson, printText, startProgress, withExamples, withJson } from '../frame.ts';
import type { SmscFaults } from './smsc-sim-faults.ts';
import { openLedger } from './smsc-sim-ledger.ts';
import { startSmsc, type Smsc, type SmscCounters } from './smsc-sim-server.ts';

type Options = {
  host: string;
  port: string;
  systemId?: string;
  passwordFile?: string;
  receipts: boolean;
  receiptDelay: string;
  receiptWindow: string;
  receiptsFirst?: boolean;
  receiptTlvs: boolean;
  hexAnswers?: boolean;
  journal?: string;
  httpPort?: string;
  httpKeyFile?: string;
  json?: boolean;
} & Record<FaultFlag, string>;

type FaultFlag =
  | 'delay'
  | 'throttle'
  | 'queueFullEvery'
  | 'refuseEvery'
  | 'failEvery'
  | 'silentEvery'
  | 'dropEvery'
  | 'cutEvery'
  | 'malformedEvery'
  | 'garbageEvery'
  | 'stallAfter'
  | 'crashAfter';

/** Each fault: its flag, its name in the simulator, its value and what it does. */
const faultFlags: readonly (readonly [FaultFlag, keyof SmscFaults, string, string])[] = [
  ['delay', 'delayMs', '<ms>', 'answer so much later'],
  ['throttle', 'perSecond', '<n>', 'take so many messages a second and answer ESME_RTHROTTLED to more'],
  ['queueFullEvery', 'queueFullEvery', '<n>', 'answer ESME_RMSGQFUL to every n-th message'],
  ['refuseEvery', 'refuseEvery', '<n>', 'refuse the address of every n-th message'],
  ['failEvery', 'failEvery', '<n>', 'report every n-th message undeliverable'],
  ['silentEvery', 'silentEvery', '<n>', 'take every n-th message and never report it'],
  ['dropEvery', 'dropEvery', '<n>', 'take every n-th message and never answer it'],
  ['cutEvery', 'cutEvery', '<n>', 'take every n-th message and cut the connection before the answer'],
  ['malformedEvery', 'malformedEvery', '<n>', 'send a malformed PDU before the answer to every n-th message'],
  ['garbageEvery', 'garbageEvery', '<n>', 'send octets that are no PDU instead of the answer to every n-th message'],
  ['stallAfter', 'stallAfter', '<n>', 'answer nothing any more from the n-th message on'],
  ['crashAfter', 'crashAfter', '<n>', 'die at the n-th message, as by kill -9'],
];

const flagOf = (name: FaultFlag): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
const tellMs = 1000;

/** `smsc-sim`. */
export function defineSmscSim(program: Command): void {
  const command = program
    .command('smsc-sim')
    .description(
      'Simulate an SMS centre (SMPP 3.4, and a gateway over HTTP) to rehearse sendings with. It sends nothing to anyone. Ends with SIGINT or SIGTERM and then prints its counters.',
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <n>', 'TCP port of SMPP, 0 takes a free one', '2775')
    .option('--system-id <name>', 'the one account that may bind; left out: any')
    .option('--password-file <file>', 'its password')
    .option('--no-receipts', 'send no delivery receipts')
    .option('--receipt-delay <ms>', 'send receipts so much later', '0')
    .option('--receipt-window <n>', 'receipts without an answer at a time', '100')
    .option('--receipts-first', 'send each receipt before the answer to its message')
    .option('--no-receipt-tlvs', 'say in receipts only what their text says')
    .option('--hex-answers', 'write ids as hexadecimal in answers and as decimal in receipts')
    .option('--journal <file>', 'keep keyed hashes of messages there, so that repeated ones show after a crash')
    .option('--http-port <n>', 'also simulate a gateway over HTTP on this port (notice.gatewayUrl)')
    .option('--http-key-file <file>', 'bearer token of the gateway over HTTP');
  for (const [name, , value, does] of faultFlags) command.option(`${flagOf(name)} ${value}`, does, '0');
  withExamples(withJson(command.action(simulate)), [
    ['./breakwater smsc-sim', 'an SMS centre on port 2775 that takes and reports everything'],
    [
      'BREAKWATER_NOTICE_SMPP_HOST=127.0.0.1 ./breakwater up',
      'a server that sends there, with the password in .breakwater/keys/smpp.password',
    ],
    ['./breakwater smsc-sim --throttle 200 --receipt-delay 3000 --fail-every 50', 'a busy centre and some phones off'],
    ['./breakwater smsc-sim --crash-after 5000 --journal centre.log', 'dies in the middle; start it again to go on'],
  ]);
}

async function simulate(options: Options): Promise<void> {
  const faults = Object.fromEntries(faultFlags.map(([flag, name]) => [name, count(options[flag], flagOf(flag))]));
  const smsc = await started(options, faults);
  const gateway =
    options.httpPort === undefined
      ? null
      : await startSmsGateway({
          host: options.host,
          port: count(options.httpPort, '--http-port'),
          ...(options.httpKeyFile === undefined ? {} : { key: secretIn(options.httpKeyFile, '--http-key-file') }),
        });
  const progress = startProgress();
  progress.note(`smsc-sim: SMPP on ${options.host}:${smsc.port}`);
  if (gateway !== null) progress.note(`smsc-sim: HTTP on ${gateway.url}`);
  const telling = setInterval(() => progress.update(`smsc-sim: ${spell(smsc.counters())}`), tellMs);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  clearInterval(telling);
  progress.end();
  const counters = smsc.counters();
  await smsc.stop();
  await gateway?.stop();
  if (options.json === true) printJson({ schema: 'breakwater.smsc-sim/1', ...counters });
  else printText(spell(counters));
}

async function started(options: Options, faults: Partial<SmscFaults>): Promise<Smsc> {
  const { systemId, passwordFile } = options;
  if ((systemId === undefined) !== (passwordFile === undefined)) {
    throw new BreakwaterError('usage.account', 'give --system-id and --password-file, or none of them', '--system-id');
  }
  const account =
    systemId === undefined || passwordFile === undefined
      ? {}
      : { account: { systemId, password: secretIn(passwordFile, '--password-file') } };
  const port = count(options.port, '--port');
  const receiptDelayMs = count(options.receiptDelay, '--receipt-delay');
  const receiptWindow = Math.max(1, count(options.receiptWindow, '--receipt-window'));
  try {
    return await startSmsc({
      ...account,
      host: options.host,
      port,
      receipts: options.receipts,
      receiptDelayMs,
      receiptWindow,
      receiptsFirst: options.receiptsFirst === true,
      receiptTlvs: options.receiptTlvs,
      hexAnswers: options.hexAnswers === true,
      ledger: openLedger(options.journal ?? null),
      faults,
    });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'failed';
    throw new NotChecked(
      'smsc-sim.listen',
      `cannot listen on ${options.host}:${port} (${code}): choose another --port`,
      '--port',
    );
  }
}

function count(text: string, flag: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw new BreakwaterError('usage.number', `${flag} takes a number from 0, not ${JSON.stringify(text)}`, flag);
  }
  return Number(text);
}

function secretIn(file: string, flag: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'failed';
    throw new BreakwaterError('file.unreadable', `${file} cannot be read (${code})`, flag);
  }
}

function spell({
  binds,
  submitted,
  taken,
  throttled,
  refused,
  distinct,
  repeated,
  receipts,
  faultyPdus,
}: SmscCounters): string {
  return [
    `${submitted} submitted`,
    `${taken} taken (${distinct ?? 0} different, ${repeated ?? 0} repeated)`,
    `${throttled} throttled`,
    `${refused} refused`,
    `${receipts.acknowledged} receipts acknowledged, ${receipts.waiting} waiting`,
    `${binds} binds`,
    `${faultyPdus} faulty PDUs`,
  ].join(', ');
}
