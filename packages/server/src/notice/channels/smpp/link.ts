/** One connection to an SMS centre: bound, writing many PDUs at once, reading any. Nothing of it outlives the connection. */
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import {
  createPduReader,
  createPduWriter,
  earlyOctets,
  smppStatus,
  type Pdu,
  type PduFault,
  type PduToWrite,
} from '@breakwater/rules/notice';

export type LinkOptions = {
  host: string;
  port: number;
  /** TLS with the machine's authorities. */
  tls: boolean;
  systemId: string;
  /** Read for each bind, so that a new one needs no restart. */
  password: () => string;
  systemType: string;
  /** Longest wait for the connection and for the answer to the bind, ms. */
  bindMs: number;
};

export type Link = {
  /** Writes a PDU with the others of this turn of the event loop. Throws BreakwaterError for one that cannot be written. */
  send(pdu: PduToWrite): void;
  /** Writes what waits and closes. */
  close(): void;
};

/** What the owner of a link hears, in this order: `bound` once, what comes in, `closed` once. */
export type LinkEvents = {
  bound(link: Link): void;
  pdu(pdu: Pdu, link: Link): void;
  fault(fault: PduFault, link: Link): void;
  closed(link: Link): void;
};

/** The centre does not let us in. `status`: its reason, null when it gave none or could not be reached. */
export class BindRefused extends Error {
  readonly status: number | null;

  constructor(status: number | null) {
    super(
      status === null ? 'the SMS centre cannot be reached' : `the SMS centre refuses the bind: ${spellStatus(status)}`,
    );
    this.name = 'BindRefused';
    this.status = status;
  }
}

/** A status as people look it up: `0x0000000E`. */
export function spellStatus(status: number): string {
  return `0x${status.toString(16).padStart(8, '0').toUpperCase()}`;
}

const bindSequence = 1;

/** Connects and binds as a transceiver. Rejects with {@link BindRefused}. */
export function openLink(options: LinkOptions, events: LinkEvents, signal: AbortSignal): Promise<void> {
  const { host, port } = options;
  const socket = options.tls ? connectTls({ host, port, servername: host }) : connectPlain({ host, port });
  // An SMS centre that gathers its answers would otherwise wait for our acknowledgements, and we for its answers.
  socket.setNoDelay(true);
  return new Promise((resolve, reject) => {
    let bound = false;
    const refuse = (status: number | null): void => {
      socket.destroy();
      reject(new BindRefused(status));
    };
    const timer = setTimeout(() => refuse(null), options.bindMs);
    const abort = (): void => refuse(null);
    signal.addEventListener('abort', abort, { once: true });
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    const { link, read } = linkOn(socket, {
      fault: (fault) => events.fault(fault, link),
      pdu(pdu) {
        if (bound) return events.pdu(pdu, link);
        if (pdu.sequence !== bindSequence) return;
        settle();
        if (pdu.command !== 'bind_transceiver_resp' || pdu.status !== smppStatus.ok) return refuse(pdu.status);
        bound = true;
        // A session that nobody waits for keeps no process alive.
        socket.unref();
        events.bound(link);
        resolve();
      },
    });
    socket.once(options.tls ? 'secureConnect' : 'connect', () => {
      try {
        const { systemId, systemType } = options;
        const password = options.password();
        link.send({
          command: 'bind_transceiver',
          sequence: bindSequence,
          systemId,
          password,
          systemType,
          interfaceVersion: 0x34,
        });
      } catch (error) {
        settle();
        socket.destroy();
        reject(error instanceof Error ? error : new Error('the bind cannot be written'));
      }
    });
    socket.on('data', read);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      settle();
      if (bound) events.closed(link);
      else reject(new BindRefused(null));
    });
  });
}

function linkOn(
  socket: Socket,
  events: { pdu(pdu: Pdu): void; fault(fault: PduFault): void },
): { link: Link; read: (chunk: Uint8Array) => void } {
  const reader = createPduReader();
  const writer = createPduWriter();
  let scheduled = false;
  const flush = (): void => {
    const octets = writer.take();
    if (octets !== null && socket.writable) socket.write(octets);
  };
  const flushTurn = (): void => {
    scheduled = false;
    flush();
  };
  const link: Link = {
    send(pdu) {
      if (writer.add(pdu) >= earlyOctets) return flush();
      if (scheduled) return;
      scheduled = true;
      setImmediate(flushTurn);
    },
    close() {
      flush();
      socket.end();
      socket.destroySoon();
    },
  };
  const read = (chunk: Uint8Array): void =>
    reader.push(chunk, (one) => {
      if (!('fault' in one)) return events.pdu(one);
      events.fault(one);
      if (one.fatal) link.close();
    });
  return { link, read };
}
