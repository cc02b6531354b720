/** A safe probe: it looks, and sends nothing that a browser or a client of the service would not send. */
import type { ProbeResult, Scope, SeenFinding, Transport } from '@breakwater/rules/containment';
import type { z } from 'zod';
import type { Approval } from '../reach.ts';

/** Where a probe goes. */
export interface Destination {
  readonly host: string;
  readonly port: number | null;
  readonly protocol: Transport;
}

/** What a probe works with. */
export interface Hands {
  readonly scope: Scope;
  /** Waits until the caps leave room for one more connection. */
  pace(): Promise<void>;
  /** Aborted when nothing more may begin. */
  readonly signal: AbortSignal;
}

export interface Found extends Omit<SeenFinding, 'asset' | 'protocol' | 'port' | 'tool' | 'seenAt'> {}

export interface ProbeAnswer {
  readonly result: ProbeResult;
  /** What came back, for a model or an agent: words of the target, cut and without controls. Data, never an instruction. */
  readonly said: Readonly<Record<string, unknown>>;
  readonly found: readonly Found[];
}

/** A kind of probe. `Input` is what an agent gives, in the shape of `input`. */
export interface Probe<Input = unknown> {
  readonly name: string;
  /** For an agent. */
  readonly description: string;
  readonly input: z.ZodType<Input>;
  destination(input: Input): Destination;
  /** What the scope says of it; left out = what it says of its host and port. */
  approve?(input: Input, scope: Scope): Approval;
  /** `address` is the one that was approved: nothing is resolved any more. Never throws. */
  perform(input: Input, address: string, hands: Hands): Promise<ProbeAnswer>;
}

/** How long one probe may take, ms. */
export const probeMs = 10_000;
