/** The caps of a scope in user space: what the gate's kernel holds elsewhere, this proxy holds for what passes through it. */
import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AllowedTraffic, Scope } from '@breakwater/rules/containment';
import { Refused } from '../proxy/refusal.ts';
import { directUplink, type Uplink } from '../proxy/uplink.ts';
import { makeBucket } from './bucket.ts';
import { makeLastSecond, type LastSecond } from './last-second.ts';

export interface CappedUplink extends Uplink {
  readonly allowed: readonly AllowedTraffic[];
  /** Connections inside the scope that a cap refused. */
  readonly lost: number;
  readonly bytes: { readonly out: number; readonly in: number };
  /** Breaks every connection; none is made after it. */
  close(): void;
}

type Way = 'out' | 'in';

/** `held` tells, at each use, whether lease and window still hold; `now` is a monotonic clock in ms. */
export function cappedUplink(caps: Scope['caps'], held: () => boolean, now: () => number): CappedUplink {
  const { newConnectionsPerSecond, newConnectionsPerSecondPerDestination, concurrent, bytesPerSecond } = caps;
  const all = makeLastSecond(newConnectionsPerSecond, now);
  const each = new Map<string, LastSecond>();
  const allowed = new Map<string, AllowedTraffic>();
  const open = new Set<Duplex>();
  const bytes = { out: 0, in: 0 };
  const width = bytesPerSecond === undefined ? null : makeBucket(bytesPerSecond, now);
  let connecting = 0;
  let lost = 0;
  let closed = false;

  function admit(address: string): void {
    if (closed || !held()) throw new Refused('cage.closed');
    const refused = capReached(address);
    if (refused === null) return;
    lost++;
    throw new Refused(refused);
  }

  function capReached(address: string): 'cap.bytes' | 'cap.concurrent' | 'cap.connections-per-second' | null {
    if (bytes.out + bytes.in >= caps.bytes) return 'cap.bytes';
    if (open.size + connecting >= concurrent) return 'cap.concurrent';
    const here =
      each.get(address) ?? makeLastSecond(newConnectionsPerSecondPerDestination ?? newConnectionsPerSecond, now);
    if (!here.hasRoom() || !all.hasRoom()) return 'cap.connections-per-second';
    each.set(address, here);
    here.add();
    all.add();
    return null;
  }

  /** Counts bytes that are about to pass, and waits where the scope has a bandwidth. Throws {@link Refused} at the cap. */
  async function spend(way: Way, size: number): Promise<void> {
    if (closed || !held()) throw new Refused('cage.closed');
    if (bytes.out + bytes.in + size > caps.bytes) throw new Refused('cap.bytes');
    bytes[way] += size;
    const waitMs = width?.owe(size) ?? 0;
    if (waitMs > 0) await sleep(waitMs, undefined, { ref: false });
    if (closed || !held()) throw new Refused('cage.closed');
  }

  return {
    async connect(address, port) {
      admit(address);
      const key = `${address} ${port}`;
      const known = allowed.get(key);
      allowed.set(key, { address, port, protocol: 'tcp', connections: (known?.connections ?? 0) + 1 });
      connecting++;
      try {
        const stream = new Metered(await directUplink.connect(address, port), spend);
        open.add(stream);
        stream.once('close', () => open.delete(stream));
        if (closed) stream.destroy();
        return stream;
      } finally {
        connecting--;
      }
    },
    get allowed() {
      return [...allowed.values()];
    },
    get lost() {
      return lost;
    },
    get bytes() {
      return { ...bytes };
    },
    close() {
      closed = true;
      for (const stream of open) stream.destroy();
    },
  };
}

/** A connection whose bytes are spent before they pass, in both directions. */
class Metered extends Duplex {
  private readonly inner: Duplex;
  private readonly spend: (way: Way, size: number) => Promise<void>;
  private spending = false;

  constructor(inner: Duplex, spend: (way: Way, size: number) => Promise<void>) {
    super();
    this.inner = inner;
    this.spend = spend;
    inner.pause();
    inner.on('data', (chunk: Buffer) => {
      inner.pause();
      this.spending = true;
      spend('in', chunk.length).then(
        () => {
          this.spending = false;
          if (this.push(chunk)) inner.resume();
        },
        (error: unknown) => this.fail(error),
      );
    });
    inner.once('end', () => this.push(null));
    inner.once('error', (error) => this.destroy(error));
    inner.once('close', () => this.destroy());
  }

  override _read(): void {
    if (!this.spending) this.inner.resume();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.spend('out', chunk.length).then(
      () => this.inner.write(chunk, (error) => done(error)),
      (error: unknown) => this.fail(error),
    );
  }

  override _final(done: (error?: Error | null) => void): void {
    this.inner.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.inner.destroy();
    done(error);
  }

  /** What the agent of HTTP asks of a connection that it keeps: here the inner one sees to it. */
  setKeepAlive(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  private fail(error: unknown): void {
    this.destroy(error instanceof Error ? error : new Refused('cage.closed'));
  }
}
