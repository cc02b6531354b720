import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { BreakwaterError } from '@breakwater/rules';
import { listenerCommands, listingCommands, type Collected } from '@breakwater/rules/inventory';
import type { Command } from 'commander';
import { NotChecked, printJson, printText, withExamples, withJson } from '../frame.ts';

/** Everything that is run on the machine: each only reads, and a tool that is not there leaves its output null. */
const commands: Readonly<Record<keyof Collected['outputs'], string>> = {
  osRelease: 'cat /etc/os-release',
  ...listingCommands,
  ...listenerCommands,
};

/** Most bytes of one output, and the longest that all of them may take. */
const mostBytes = 32 * 1024 * 1024;
const timeoutMs = 120_000;

type Options = {
  ssh?: string;
  identity?: string;
  port?: string;
  knownHosts?: string;
  output?: string;
  json?: boolean;
};

/** `inventory collect`. */
export function defineCollect(inventory: Command): void {
  const command = withJson(
    inventory
      .command('collect')
      .description(
        'Read what is installed and what listens, on this machine or over SSH: no agent, and nothing is written there.',
      )
      .option('--ssh <user@host>', 'collect there; the host key must be known to ssh, and no password is asked for')
      .option('--identity <file>', 'private key for ssh')
      .option('--port <port>', 'port of ssh')
      .option('--known-hosts <file>', 'where the host key is pinned; default: where ssh keeps those it knows')
      .option('--output <file>', 'write it here instead of standard output'),
  ).action(collect);
  withExamples(command, [
    ['./breakwater inventory collect --output web-01.json', 'this machine'],
    [
      './breakwater inventory collect --ssh scan@web-01 | ./breakwater inventory import - --by p-03 --yes',
      'another, straight into the inventory',
    ],
  ]);
}

async function collect({ ssh, identity, port, knownHosts, output, json }: Options): Promise<void> {
  const run =
    ssh === undefined ? (line: string) => outputOf('sh', ['-c', line]) : overSsh(ssh, { identity, port, knownHosts });
  const outputs: Record<string, string | null> = {};
  for (const [name, line] of Object.entries(commands)) outputs[name] = await run(line);
  if (Object.values(outputs).every((text) => text === null)) {
    throw new NotChecked(
      'collect.nothing',
      'none of the tools answered: is this a Linux machine, and does ssh get in?',
    );
  }
  const collected = {
    schema: 'breakwater.collected/1',
    host: ssh === undefined ? hostname() : ssh.replace(/^.*@/, ''),
    collectedAt: new Date().toISOString(),
    outputs: outputs as Collected['outputs'],
  } satisfies Collected;
  if (output === undefined) return printJson(collected);
  await writeFile(output, `${JSON.stringify(collected, null, 2)}\n`, { mode: 0o600 });
  if (json === true) printJson({ file: output, host: collected.host });
  else printText(`${output}: ${collected.host}`);
}

/** A destination that ssh could take for an option is refused. */
function overSsh(
  destination: string,
  {
    identity,
    port,
    knownHosts,
  }: Pick<{ [K in keyof Options]: Options[K] | undefined }, 'identity' | 'port' | 'knownHosts'>,
): (line: string) => Promise<string | null> {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*@?[A-Za-z0-9:][A-Za-z0-9.:-]*$/.test(destination)) {
    throw new BreakwaterError('usage.ssh', 'write --ssh as user@host', '--ssh');
  }
  if (port !== undefined && !/^\d{1,5}$/.test(port))
    throw new BreakwaterError('usage.port', 'a port is a number', '--port');
  const words = [
    '-o',
    'BatchMode=yes',
    '-o',
    'StrictHostKeyChecking=yes',
    '-o',
    'ConnectTimeout=10',
    '-T',
    ...(knownHosts === undefined ? [] : ['-o', `UserKnownHostsFile=${sshValue(knownHosts)}`]),
    ...(identity === undefined ? [] : ['-i', identity]),
    ...(port === undefined ? [] : ['-p', port]),
    '--',
    destination,
  ];
  let isFirst = true;
  return async (line) => {
    if (isFirst) {
      isFirst = false;
      if ((await outputOf('ssh', [...words, 'echo in'])) === null) {
        throw new NotChecked(
          'collect.ssh',
          `ssh does not get in to ${destination}: check its host key and your own key`,
          '--ssh',
        );
      }
    }
    return outputOf('ssh', [...words, line]);
  };
}

/** A path as a value in a configuration of ssh: in quotes, which it takes off. */
function sshValue(path: string): string {
  if (!/["%]/.test(path)) return `"${path}"`;
  throw new BreakwaterError(
    'usage.known-hosts',
    'the path of --known-hosts must hold neither " nor %',
    '--known-hosts',
  );
}

/** What a command prints; null when it is not there or fails. */
function outputOf(command: string, words: readonly string[]): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'ignore'], timeout: timeoutMs });
    const chunks: Buffer[] = [];
    let bytes = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > mostBytes) {
        child.kill();
        reject(new NotChecked('collect.too-large', `an output has more than ${mostBytes} bytes`));
      }
      chunks.push(chunk);
    });
    child.on('error', () => resolve(null));
    child.on('close', (code) => resolve(code === 0 && bytes > 0 ? Buffer.concat(chunks).toString('utf8') : null));
  });
}
