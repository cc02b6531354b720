/**
 * `bank serve|load|sms-gateway|clean`: the sample bank from a shell.
 * Exit 0 done, 1 it failed, 2 wrong use.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { makeBank } from './bank.ts';
import type { ServiceName } from './catalog.ts';
import { startLoad } from './load.ts';
import { cleanNetworks, openNetwork } from './network.ts';
import { startSmsGateway } from './sms-gateway.ts';
import { isBehaviour } from './release.ts';
import { supervise } from './supervisor.ts';

const usage = `bank serve --dir DIR [--name NAME] [--behaviour good|errors-after-3s|slow|wrong-answers]
           [--host IP] [--base-port N] [--privileged|--loopback] [--until-eof]
                      make the bank in DIR when it is not there, and serve it; says one JSON line when it serves
bank load --dir DIR [--customers N] [--rate R] [--seconds S] [--seed N]
                      customers at work on the bank that is served in DIR; figures as JSON at the end
bank sms-gateway [--host IP] [--base-port N]
                      a simulator of a text message gateway; says its address and key as one JSON line
bank clean            remove networks that a killed bank left behind
`;

const options = {
  dir: { type: 'string' },
  name: { type: 'string' },
  behaviour: { type: 'string' },
  host: { type: 'string' },
  'base-port': { type: 'string' },
  privileged: { type: 'boolean' },
  loopback: { type: 'boolean' },
  'until-eof': { type: 'boolean' },
  customers: { type: 'string' },
  rate: { type: 'string' },
  seconds: { type: 'string' },
  seed: { type: 'string' },
} as const;

type Words = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

class WrongUse extends Error {}

async function serve(words: Words): Promise<void> {
  const dir = needed(words.dir, '--dir');
  const basePort =
    words['base-port'] === undefined ? undefined : numberOf(words['base-port'], '--base-port', 1, 65_000);
  if (words.behaviour !== undefined && !isBehaviour(words.behaviour))
    throw new WrongUse(`--behaviour ${words.behaviour} is not known`);
  if (words.behaviour !== undefined || !hasBank(dir)) {
    makeBank({ dir, name: words.name ?? 'bank', behaviour: words.behaviour ?? 'good' });
  }
  process.chdir(dir);
  const ended = untilStopped(words['until-eof'] === true);
  const network = await openNetwork({
    ...(words.privileged === true
      ? { privileged: true }
      : words.loopback === true || words.host !== undefined
        ? { privileged: false }
        : {}),
    ...(words.host === undefined ? {} : { host: words.host }),
    ...(basePort === undefined ? {} : { basePort }),
  });
  try {
    const supervisor = await supervise(network, words.name ?? 'bank');
    process.stdout.write(`${JSON.stringify(JSON.parse(readFileSync('bank.json', 'utf8')))}\n`);
    await ended;
    await supervisor.stop();
  } finally {
    network.close();
  }
}

function untilStopped(untilEof: boolean): Promise<void> {
  return new Promise((stop) => {
    process.once('SIGTERM', () => stop());
    process.once('SIGINT', () => stop());
    process.stdout.on('error', () => undefined);
    if (untilEof)
      process.stdin
        .resume()
        .once('end', () => stop())
        .once('error', () => stop());
  });
}

function hasBank(dir: string): boolean {
  try {
    readFileSync(join(dir, 'secrets.json'));
    return true;
  } catch {
    return false;
  }
}

async function load(words: Words): Promise<void> {
  const dir = resolve(needed(words.dir, '--dir'));
  const { urls } = JSON.parse(readFileSync(join(dir, 'bank.json'), 'utf8')) as { urls: Record<ServiceName, string> };
  const running = startLoad({
    dir,
    urls,
    customers: numberOf(words.customers ?? '100', '--customers', 2, 1_000_000),
    rate: numberOf(words.rate ?? '10', '--rate', 0.01, 10_000),
    seed: numberOf(words.seed ?? '1', '--seed', 0, 2 ** 32),
  });
  const seconds = words.seconds === undefined ? Infinity : numberOf(words.seconds, '--seconds', 0.1, 86_400);
  await Promise.race([
    untilStopped(false),
    seconds === Infinity ? new Promise<never>(() => undefined) : sleep(seconds * 1000),
  ]);
  process.stdout.write(`${JSON.stringify(await running.stop())}\n`);
}

async function smsGateway(words: Words): Promise<void> {
  const gateway = await startSmsGateway({
    ...(words.host === undefined ? {} : { host: words.host }),
    ...(words['base-port'] === undefined ? {} : { port: numberOf(words['base-port'], '--base-port', 1, 65_535) }),
  });
  process.stdout.write(`${JSON.stringify({ url: gateway.url, key: gateway.key })}\n`);
  await untilStopped(words['until-eof'] === true);
  await gateway.stop();
}

function needed(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw new WrongUse(`${name} is missing`);
  return value;
}

function numberOf(text: string, name: string, low: number, high: number): number {
  const value = Number(text);
  if (text === '' || !(value >= low && value <= high))
    throw new WrongUse(`${name} is a number from ${low} to ${high}, not "${text}"`);
  return value;
}

try {
  const [command, ...rest] = process.argv.slice(2);
  const parsed = (): Words => {
    try {
      return parseArgs({ args: rest, options }).values;
    } catch (error) {
      throw new WrongUse(error instanceof Error ? error.message : String(error));
    }
  };
  if (command === 'serve') await serve(parsed());
  else if (command === 'load') await load(parsed());
  else if (command === 'sms-gateway') await smsGateway(parsed());
  else if (command === 'clean') process.stdout.write(`${JSON.stringify({ removed: cleanNetworks() })}\n`);
  else if (command === '--help') process.stdout.write(usage);
  else throw new WrongUse(usage);
  process.exit(0);
} catch (error) {
  process.stderr.write(`bank: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof WrongUse ? 2 : 1);
}
