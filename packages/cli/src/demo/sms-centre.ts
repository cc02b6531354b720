/** The SMS centre of the demo: our simulator as a process of its own, spoken to over SMPP like any other. */
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { startProgram } from './program.ts';

export type SmsCentre = {
  /** What the server's `notice.smpp` says to reach it. */
  readonly settings: { host: string; port: number; systemId: string; passwordFile: string; perSecond: number };
  stop(): Promise<void>;
};

const systemId = 'breakwater';
/** Messages a second by the demo's contract. */
const perSecond = 100;
/** Every so many messages it reports one undeliverable: a phone that is off. */
const failEvery = 50;

/** Starts it on a free port, with a password that the server's data folder has too. */
export async function startSmsCentre(dir: string): Promise<SmsCentre> {
  const keys = join(dir, 'data', 'keys');
  mkdirSync(keys, { recursive: true, mode: 0o700 });
  const password = join(keys, 'smpp.password');
  writeFileSync(password, randomBytes(4).toString('hex'), { mode: 0o600 });
  const port = await freePort();
  const words = ['--port', String(port), '--system-id', systemId, '--password-file', password];
  const program = await startProgram(['smsc-sim', ...words, '--fail-every', String(failEvery), '--json'], {
    env: {},
    log: join(dir, 'smsc-sim.log'),
    ready: () => listens(port),
  });
  return {
    settings: { host: '127.0.0.1', port, systemId, passwordFile: 'keys/smpp.password', perSecond },
    stop: () => program.stop('SIGINT'),
  };
}

/** A TCP port of loopback that nobody listens on now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
