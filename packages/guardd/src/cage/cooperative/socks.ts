/** SOCKS 5 (RFC 1928), as far as a proxy of a cage speaks it: CONNECT, no authentication, names that are never resolved. */
import type { Duplex } from 'node:stream';

/** What the client's bytes say so far: `more` = wait for more of them. */
export type SocksRead<Message> = { readonly message: Message; readonly bytes: number } | 'more' | 'malformed';

/** The methods of authentication that the client offers. */
export function readGreeting(bytes: Buffer): SocksRead<{ readonly methods: readonly number[] }> {
  if (bytes.length > 0 && bytes[0] !== 5) return 'malformed';
  const count = bytes[1];
  if (count === undefined) return 'more';
  if (count === 0) return 'malformed';
  if (bytes.length < 2 + count) return 'more';
  return { message: { methods: [...bytes.subarray(2, 2 + count)] }, bytes: 2 + count };
}

export interface SocksRequest {
  /** 1 = CONNECT, 2 = BIND, 3 = UDP ASSOCIATE. */
  readonly command: number;
  /** `host:port`, an IPv6 address in brackets; null for a kind of address that is none. */
  readonly authority: string | null;
}

/** Where the client wants to go. A name must be printable ASCII: whether it is one is decided with the rest. */
export function readRequest(bytes: Buffer): SocksRead<SocksRequest> {
  if (bytes.length > 0 && bytes[0] !== 5) return 'malformed';
  if (bytes.length > 2 && bytes[2] !== 0) return 'malformed';
  const [, command, , kind, first] = bytes;
  if (command === undefined || kind === undefined || first === undefined) return 'more';
  const length = kind === 1 ? 4 : kind === 4 ? 16 : kind === 3 ? 1 + first : 0;
  if (length === 0) return { message: { command, authority: null }, bytes: 4 };
  const end = 4 + length;
  if (bytes.length < end + 2) return 'more';
  const host = hostOf(kind, bytes.subarray(4, end));
  if (host === null) return 'malformed';
  return { message: { command, authority: `${host}:${bytes.readUInt16BE(end)}` }, bytes: end + 2 };
}

function hostOf(kind: number, address: Buffer): string | null {
  if (kind === 1) return address.join('.');
  if (kind === 4) return `[${(address.toString('hex').match(/.{4}/g) ?? []).join(':')}]`;
  const name = address.subarray(1).toString('latin1');
  return /^[\x21-\x7e]{1,255}$/.test(name) && !name.includes(':') ? name : null;
}

/** Codes of section 6. */
export const socksReply = { done: 0, failed: 1, forbidden: 2, refused: 5, command: 7, address: 8 } as const;

const greetingWithinMs = 10_000;

/**
 * Speaks with a client up to its request. `open` judges and connects, or throws; `codeOf` names the reply for what it threw.
 * The connection is closed after any refusal. Never rejects.
 */
export async function serveSocks(
  socket: Duplex,
  open: (authority: string) => Promise<(socket: Duplex) => void>,
  codeOf: (error: unknown) => number,
): Promise<void> {
  socket.on('error', () => socket.destroy());
  const timer = setTimeout(() => socket.destroy(), greetingWithinMs);
  try {
    const { methods } = await take(socket, readGreeting);
    if (!methods.includes(0)) return void socket.end(Buffer.from([5, 0xff]));
    socket.write(Buffer.from([5, 0]));
    const { command, authority } = await take(socket, readRequest);
    if (authority === null) return refuse(socket, socksReply.address);
    if (command !== 1) return refuse(socket, socksReply.command);
    const join = await open(authority).catch((error: unknown) => codeOf(error));
    if (typeof join === 'number') return refuse(socket, join);
    socket.write(replyOf(socksReply.done));
    join(socket);
  } catch {
    socket.destroy();
  } finally {
    clearTimeout(timer);
  }
}

function refuse(socket: Duplex, code: number): void {
  socket.end(replyOf(code));
}

const replyOf = (code: number): Buffer => Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]);

/** The next message; what follows it stays to be read. Rejects when the client ends, or says what is none. */
async function take<Message>(socket: Duplex, read: (bytes: Buffer) => SocksRead<Message>): Promise<Message> {
  let bytes = Buffer.alloc(0);
  for (;;) {
    const chunk = (socket.read() as Buffer | null) ?? (await readable(socket));
    if (chunk === null) continue;
    bytes = Buffer.concat([bytes, chunk]);
    const got = read(bytes);
    if (got === 'malformed') throw new Error('malformed');
    if (got === 'more') continue;
    if (bytes.length > got.bytes) socket.unshift(bytes.subarray(got.bytes));
    return got.message;
  }
}

function readable(socket: Duplex): Promise<null> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      socket.off('readable', look);
      socket.off('close', gone);
      socket.off('end', gone);
      act();
    };
    const look = (): void => settle(() => resolve(null));
    const gone = (): void => settle(() => reject(new Error('gone')));
    if (socket.destroyed || socket.readableEnded) return gone();
    socket.once('readable', look);
    socket.once('close', gone);
    socket.once('end', gone);
  });
}
