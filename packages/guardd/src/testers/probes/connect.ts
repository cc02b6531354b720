/** Probes that only connect: is something there, and what does it say first. */
import { z } from 'zod';
import { plainText } from '../plain.ts';
import type { Found, Probe, ProbeAnswer } from './probe.ts';
import { dial, hear, resultOfCode } from './socket.ts';

export const hostInput = z.string().min(1).max(253).describe('an address, or a name that the scope pins');
export const portInput = z.int().min(1).max(65_535);
const place = z.strictObject({ host: hostInput, port: portInput });
type Place = z.infer<typeof place>;

/** How long a service may take to greet, ms, and how much of it is read. */
const greetingMs = 3000;
const greetingBytes = 2048;

const destination = ({ host, port }: Place): { host: string; port: number; protocol: 'tcp' } => ({
  host,
  port,
  protocol: 'tcp',
});

export const tcpConnect: Probe<Place> = {
  name: 'tcp-connect',
  description: 'Opens one TCP connection and closes it: tells whether the port is open, refused or silent.',
  input: place,
  destination,
  async perform({ port }, address, hands) {
    const { socket, code } = await dial(address, port, hands);
    socket?.destroy();
    return socket === null ? failed(code) : { result: 'answered', said: { open: true }, found: [] };
  },
};

export const banner: Probe<Place> = {
  name: 'banner',
  description: 'Opens one TCP connection, sends nothing, and returns what the service says first.',
  input: place,
  destination,
  async perform({ port }, address, hands) {
    const { socket, code } = await dial(address, port, hands);
    if (socket === null) return failed(code);
    const text = plainText((await hear(socket, greetingBytes, greetingMs)).toString('utf8'), 512);
    return { result: 'answered', said: { banner: text }, found: versionIn(text, 'banner') };
  },
};

/** An answer of a connection that was not made. */
export function failed(code: string): ProbeAnswer {
  return { result: resultOfCode(code), said: { error: plainText(code, 64) }, found: [] };
}

/** A product with its version, told to anyone who asks. */
export function versionIn(text: string, where: string): Found[] {
  const version = /([A-Za-z][A-Za-z._-]{1,40})[/ _-]v?(\d{1,4}(?:\.\d{1,4}){1,3}[A-Za-z0-9._-]{0,20})/.exec(text);
  if (version === null) return [];
  const [, product = '', number = ''] = version;
  return [
    {
      rule: 'version-disclosed',
      title: `${where} tells a version: ${product} ${number}`,
      severity: { level: 'info', given: null },
    },
  ];
}
