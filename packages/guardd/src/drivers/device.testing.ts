/** Network equipment for tests: an SSH server that speaks like Cisco IOS or Junos and takes unconfirmed changes back by itself. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { Server, utils, type ServerChannel } from 'ssh2';
import type { GuardedTarget } from '../guarded-plan.ts';

export interface Device {
  readonly target: GuardedTarget;
  /** What is in force, and what it starts with. */
  running: string[];
  startup: string[];
  /** Every line that was said to it. */
  readonly heard: string[];
  /** Minutes after which it takes a change back; null = nothing is armed. */
  armed: number | null;
  /** The time has passed. */
  fire(): void;
  /** Takes lines without putting them in force. */
  deaf: boolean;
  end(): void;
}

type Shell = (line: string) => string | Promise<string>;

export async function startDevice(kind: 'cisco-ios' | 'junos'): Promise<Device> {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-device-'));
  for (const key of ['host', 'user'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, key)]);
  const allowed = utils.parseKey(readFileSync(join(folder, 'user.pub')));
  if (allowed instanceof Error) throw allowed;
  const first =
    kind === 'cisco-ios' ? ['hostname edge', 'ip ssh version 1'] : ['set system services ssh protocol-version v1'];
  const device: Device = {
    target: {
      id: 'edge',
      user: 'ops',
      host: '127.0.0.1',
      port: 0,
      hostKeys: [],
      keyFile: join(folder, 'user'),
    },
    running: [...first],
    startup: [...first],
    heard: [],
    armed: null,
    deaf: false,
    fire: () => undefined,
    end() {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  const files = new Map<string, string[]>();
  const speak = kind === 'cisco-ios' ? cisco : junos;
  const server = new Server({ hostKeys: [readFileSync(join(folder, 'host'))] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (asked) => {
      const fits = asked.method === 'publickey' && asked.key.data.equals(allowed.getPublicSSH());
      if (fits) asked.accept();
      else asked.reject(['publickey']);
    });
    client.on('session', (accept) => {
      const session = accept();
      session.on('pty', (take) => take?.());
      session.on('shell', (take) => speak(take(), device, files));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const [, blob = ''] = readFileSync(join(folder, 'host.pub'), 'utf8').split(' ');
  const digest = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64').replace(/=+$/, '');
  Object.assign(device.target, { port: (server.address() as AddressInfo).port, hostKeys: [`SHA256:${digest}`] });
  return device;
}

/** Echoes each line, answers it, and prompts. `reply` may ask back with a line that is answered by the next one. */
function converse(channel: ServerChannel, device: Device, prompt: () => string, reply: Shell): void {
  let rest = '';
  let queue = Promise.resolve();
  channel.write(prompt());
  channel.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      queue = queue.then(async () => {
        if (line !== '') device.heard.push(line);
        const answer = await reply(line);
        const asks = /(?:\[confirm\]|\? )$/.test(answer);
        channel.write(
          `${line}\r\n${answer.replaceAll('\n', '\r\n')}${asks ? '' : `${answer === '' ? '' : '\r\n'}${prompt()}`}`,
        );
      });
    }
  });
}

function cisco(channel: ServerChannel, device: Device, files: Map<string, string[]>): void {
  let mode = '';
  let pending: (() => string) | null = null;
  device.fire = () => {
    if (device.armed !== null) device.running = [...device.startup];
    device.armed = null;
  };
  converse(
    channel,
    device,
    () => `edge${mode}#`,
    (line) => {
      if (pending !== null) {
        const answer = pending();
        pending = null;
        return answer;
      }
      const [, minutes] = /^reload in (\d+)$/.exec(line) ?? [];
      const [, saved] = /^copy running-config flash:(\S+)$/.exec(line) ?? [];
      const [, replaced] = /^configure replace flash:(\S+) force$/.exec(line) ?? [];
      if (mode !== '') {
        if (line === 'end') mode = '';
        else if (line.startsWith('no ')) device.running = device.running.filter((one) => one !== line.slice(3));
        else if (line.startsWith('bad')) return `      ^\n% Invalid input detected at '^' marker.\n`;
        else if (!device.deaf) device.running = [...device.running.filter((one) => !sameKey(one, line)), line];
        return '';
      }
      if (minutes !== undefined) {
        pending = () => {
          device.armed = Number(minutes);
          return '';
        };
        return 'Reload scheduled\nProceed with reload? [confirm]';
      }
      if (saved !== undefined) {
        pending = () => {
          files.set(saved, [...device.running]);
          return '1 bytes copied in 0.1 secs';
        };
        return `Destination filename [${saved}]? `;
      }
      if (replaced !== undefined) {
        device.running = [...(files.get(replaced) ?? [])];
        return 'Rollback Done';
      }
      switch (line) {
        case 'configure terminal':
          mode = '(config)';
          return 'Enter configuration commands, one per line.  End with CNTL/Z.';
        case 'reload cancel': {
          const was = device.armed;
          device.armed = null;
          return was === null ? '%No reload is scheduled.' : '***\n*** --- SHUTDOWN ABORTED ---\n***';
        }
        case 'show running-config':
          return `Building configuration...\n\nCurrent configuration : 99 bytes\n! Last configuration change at ${performance.now()}\n${device.running.toSorted().join('\n')}\nend`;
        case 'write memory':
          device.startup = [...device.running];
          return 'Building configuration...\n[OK]';
        default:
          return line.startsWith('terminal ') ? '' : `% Unknown command: ${line}`;
      }
    },
  );
}

const sameKey = (a: string, b: string): boolean =>
  a.split(' ').slice(0, -1).join(' ') === b.split(' ').slice(0, -1).join(' ');

function junos(channel: ServerChannel, device: Device, files: Map<string, string[]>): void {
  let candidate: string[] | null = null;
  let former = [...device.running];
  device.fire = () => {
    if (device.armed !== null) device.running = [...device.startup];
    device.armed = null;
  };
  converse(
    channel,
    device,
    () => `ops@edge${candidate === null ? '>' : '#'} `,
    (line) => {
      if (candidate === null) {
        const [, saved] = /^show configuration \| save (\S+)$/.exec(line) ?? [];
        if (saved !== undefined) {
          files.set(saved, [...device.running]);
          return `Wrote 1 lines of output to '${saved}'`;
        }
        if (line === 'configure exclusive') {
          candidate = [...device.running];
          return 'warning: uncommitted changes will be discarded on exit\nEntering configuration mode';
        }
        if (line.startsWith('show configuration | display set'))
          return `## Last changed: ${performance.now()}\n${device.running.toSorted().join('\n')}`;
        return line.startsWith('set cli ') ? `Screen set` : `unknown command.`;
      }
      const [, minutes] = /^commit confirmed (\d+)$/.exec(line) ?? [];
      const [, loaded] = /^load override (\S+)$/.exec(line) ?? [];
      if (minutes !== undefined) {
        former = [...device.startup];
        device.startup = former;
        if (!device.deaf) device.running = [...candidate];
        device.armed = Number(minutes);
        return `commit confirmed will be automatically rolled back in ${minutes} minutes unless confirmed\ncommit complete`;
      }
      if (loaded !== undefined) {
        candidate = [...(files.get(loaded) ?? [])];
        return 'load complete';
      }
      if (line === 'commit') {
        device.running = [...candidate];
        device.startup = [...candidate];
        device.armed = null;
        return 'commit complete';
      }
      if (line === 'rollback 0') {
        candidate = [...device.running];
        return 'load complete';
      }
      if (line === 'exit configuration-mode') {
        candidate = null;
        return 'Exiting configuration mode';
      }
      if (line.startsWith('set ')) {
        candidate = [...candidate.filter((one) => !sameKey(one, line)), line];
        return '';
      }
      return 'syntax error.';
    },
  );
}
