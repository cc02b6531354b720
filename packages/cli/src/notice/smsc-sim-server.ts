/**
 * A simulator of an SMS centre over SMPP 3.4: it takes messages, answers, sends receipts and does wrong what it is told to.
 * It sends nothing to anyone and forgets texts and numbers as soon as their receipt is acknowledged.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import {
  contentOf,
  createPduReader,
  createPduWriter,
  earlyOctets,
  numberOf,
  smppStatus,
  tlvOf,
  tlvTag,
  type Pdu,
  type PduOf,
  type PduToWrite,
} from '@breakwater/rules/notice';
import { isEvery, noFaults, type SmscFaults } from './smsc-sim-faults.ts';
import type { Ledger } from './smsc-sim-ledger.ts';
import { createReceiptQueue, type Outlet } from './smsc-sim-receipts.ts';

export type SmscOptions = {
  host?: string;
  /** 0 takes a free one. */
  port?: number;
  /** The one account; left out, any may bind. */
  account?: { systemId: string; password: string };
  /** Send receipts. Default true. */
  receipts?: boolean;
  /** Time from the answer to the receipt, ms. Default 0. */
  receiptDelayMs?: number;
  /** Receipts without an answer at a time. Default 100. */
  receiptWindow?: number;
  /** The receipt leaves before the answer. Default false. */
  receiptsFirst?: boolean;
  /** Receipts carry their optional parameters besides the text. Default true. */
  receiptTlvs?: boolean;
  /** Write ids as hexadecimal in answers and as decimal in receipts. Default false. */
  hexAnswers?: boolean;
  /** Counts repeated messages. Left out, they are not counted. */
  ledger?: Ledger;
  /** Hears each message that is taken, for tests that look at it. */
  took?: (message: PduOf<'submit_sm'>) => void;
  faults?: Partial<SmscFaults>;
};

export type SmscCounters = {
  binds: number;
  submitted: number;
  taken: number;
  throttled: number;
  refused: number;
  distinct: number | null;
  repeated: number | null;
  receipts: { sent: number; acknowledged: number; waiting: number };
  faultyPdus: number;
};

export type Smsc = {
  port: number;
  counters(): SmscCounters;
  fault(faults: Partial<SmscFaults>): void;
  /** Cuts every connection; the next one is taken as usual. */
  cut(): void;
  stop(): Promise<void>;
};

type Connection = Outlet & {
  socket: Socket;
  send(pdu: PduToWrite): void;
  raw(octets: Uint8Array): void;
  isBound: boolean;
};

const receives = new Set(['bind_receiver', 'bind_transceiver']);

/** Starts a simulated SMS centre on loopback unless told otherwise. */
export async function startSmsc(options: SmscOptions = {}): Promise<Smsc> {
  const faults: SmscFaults = { ...noFaults, ...options.faults };
  const connections = new Set<Connection>();
  const receipts = createReceiptQueue({
    delayMs: options.receiptDelayMs ?? 0,
    window: options.receiptWindow ?? 100,
    tlvs: options.receiptTlvs ?? true,
  });
  const counts = { binds: 0, submitted: 0, taken: 0, throttled: 0, refused: 0, faultyPdus: 0 };
  const idPrefix = String(Date.now());
  let second = { began: 0, taken: 0 };

  const isTooFast = (): boolean => {
    if (faults.perSecond === 0) return false;
    const now = performance.now();
    if (now - second.began >= 1000) second = { began: now, taken: 0 };
    second.taken += 1;
    return second.taken > faults.perSecond;
  };

  const bind = (
    on: Connection,
    pdu: PduOf<'bind_transceiver'> | PduOf<'bind_receiver'> | PduOf<'bind_transmitter'>,
  ): void => {
    const { account } = options;
    const answer = (status: number): void =>
      on.send({ command: `${pdu.command}_resp`, sequence: pdu.sequence, status, systemId: 'smsc-sim' });
    if (on.isBound) return answer(smppStatus.alreadyBound);
    if (account !== undefined && account.systemId !== pdu.systemId) return answer(smppStatus.invalidSystemId);
    if (account !== undefined && account.password !== pdu.password) return answer(smppStatus.invalidPassword);
    counts.binds += 1;
    on.isBound = true;
    answer(smppStatus.ok);
    if (receives.has(pdu.command)) receipts.bound(on);
  };

  const report = (pdu: PduOf<'submit_sm'>, id: string, nth: number): void => {
    if (options.receipts === false || (pdu.registeredDelivery & 3) === 0 || isEvery(faults.silentEvery, nth)) return;
    receipts.add({
      id: options.hexAnswers === true ? BigInt(`0x${id}`).toString() : id,
      from: pdu.source,
      to: pdu.destination,
      stat: isEvery(faults.failEvery, nth) ? 'UNDELIV' : 'DELIVRD',
      reference: numberOf(tlvOf(pdu.tlvs, tlvTag.userMessageReference)),
    });
  };

  /** Takes a message: answer, receipt, and what is to go wrong with them. */
  const take = (on: Connection, pdu: PduOf<'submit_sm'>): void => {
    const nth = (counts.submitted += 1);
    if (faults.crashAfter > 0 && nth >= faults.crashAfter) process.kill(process.pid, 'SIGKILL');
    if (faults.stallAfter > 0 && nth >= faults.stallAfter) return;
    const answer = (status: number, messageId = ''): void =>
      on.send({ command: 'submit_sm_resp', sequence: pdu.sequence, status, messageId });
    if (!on.isBound) return answer(smppStatus.invalidBindStatus);
    if (isTooFast() || isEvery(faults.queueFullEvery, nth)) {
      counts.throttled += 1;
      return answer(isEvery(faults.queueFullEvery, nth) ? smppStatus.queueFull : smppStatus.throttled);
    }
    if (pdu.destination === '' || isEvery(faults.refuseEvery, nth)) {
      counts.refused += 1;
      return answer(smppStatus.invalidDestination);
    }
    counts.taken += 1;
    options.ledger?.note(pdu.destination, contentOf(pdu));
    options.took?.(pdu);
    const id = `${idPrefix}${String(counts.taken).padStart(9, '0')}`;
    if (options.receiptsFirst === true) report(pdu, id, nth);
    if (isEvery(faults.cutEvery, nth)) on.socket.destroy();
    else if (isEvery(faults.garbageEvery, nth)) on.raw(Uint8Array.from([0, 0, 0, 3, 0xff, 0xff, 0xff]));
    else if (!isEvery(faults.dropEvery, nth)) {
      if (isEvery(faults.malformedEvery, nth)) on.raw(malformed(nth));
      answer(smppStatus.ok, id);
    }
    if (options.receiptsFirst !== true) report(pdu, id, nth);
  };

  const hear = (on: Connection, pdu: Pdu): void => {
    const { sequence } = pdu;
    switch (pdu.command) {
      case 'submit_sm':
        if (faults.delayMs > 0) {
          // Views into what was read do not outlive this turn.
          const kept = structuredClone(pdu);
          setTimeout(() => take(on, kept), faults.delayMs);
          return;
        }
        return take(on, pdu);
      case 'deliver_sm_resp':
        return receipts.answered(
          on,
          sequence,
          pdu.status === smppStatus.ok || pdu.status === smppStatus.permanentReceiverError,
        );
      case 'bind_transceiver':
      case 'bind_receiver':
      case 'bind_transmitter':
        return bind(on, pdu);
      case 'enquire_link':
        return isStalled() ? undefined : on.send({ command: 'enquire_link_resp', sequence });
      case 'unbind':
        on.send({ command: 'unbind_resp', sequence });
        return void setImmediate(() => on.socket.end());
      case 'query_sm':
        return on.send({
          command: 'query_sm_resp',
          sequence,
          status: smppStatus.invalidMessageId,
          messageId: pdu.messageId,
        });
      case 'cancel_sm':
        return on.send({ command: 'cancel_sm_resp', sequence, status: smppStatus.invalidMessageId });
      case 'enquire_link_resp':
      case 'unbind_resp':
      case 'generic_nack':
        return undefined;
      default:
        return on.send({ command: 'generic_nack', sequence, status: smppStatus.invalidCommandId });
    }
  };
  const isStalled = (): boolean => faults.stallAfter > 0 && counts.submitted >= faults.stallAfter;

  const server = createServer((socket) => {
    const on = connectionOn(
      socket,
      (pdu) => hear(on, pdu),
      () => (counts.faultyPdus += 1),
    );
    connections.add(on);
    socket.once('close', () => {
      connections.delete(on);
      receipts.lost(on);
    });
  });
  const port = await listening(server, options.port ?? 0, options.host ?? '127.0.0.1');
  const cut = (): void => {
    for (const { socket } of connections) socket.destroy();
  };
  return {
    port,
    counters: () => ({
      ...counts,
      distinct: options.ledger?.counts().distinct ?? null,
      repeated: options.ledger?.counts().repeated ?? null,
      receipts: receipts.counts(),
    }),
    fault: (changed) => void Object.assign(faults, changed),
    cut,
    async stop() {
      receipts.close();
      const closed = new Promise((done) => server.close(done));
      cut();
      await closed;
      options.ledger?.close();
    },
  };
}

function connectionOn(socket: Socket, hear: (pdu: Pdu) => void, faulty: () => void): Connection {
  const reader = createPduReader();
  const writer = createPduWriter();
  let scheduled = false;
  let sequence = 0;
  const flush = (): void => {
    const octets = writer.take();
    if (octets !== null && socket.writable) socket.write(octets);
  };
  const flushTurn = (): void => {
    scheduled = false;
    flush();
  };
  const on: Connection = {
    socket,
    isBound: false,
    send(pdu) {
      if (writer.add(pdu) >= earlyOctets) return flush();
      if (scheduled) return;
      scheduled = true;
      setImmediate(flushTurn);
    },
    ask(pdu) {
      sequence = on.next();
      on.send({ ...pdu, sequence });
      return sequence;
    },
    next: () => (sequence === 0x7fffffff ? 1 : sequence + 1),
    raw(octets) {
      flush();
      if (socket.writable) socket.write(octets);
    },
  };
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) =>
    reader.push(chunk, (read) => {
      if (!('fault' in read)) return hear(read);
      faulty();
      on.send({ command: 'generic_nack', sequence: read.sequence, status: read.status });
      if (read.fatal) setImmediate(() => socket.end());
    }),
  );
  return on;
}

/** By turns a command that does not exist, and a receipt whose text is longer than its PDU. */
function malformed(nth: number): Uint8Array {
  const octets = new Uint8Array(20);
  octets.set([0, 0, 0, 20, 0, 0, 0, nth % 2 === 0 ? 0x99 : 0x05, 0, 0, 0, 0, 0, 0, 0, 77, 0x41, 0x42, 0x43, 0x44]);
  return octets;
}

function listening(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
