/** One message to one number. `key` is ours and stays the same when the message is submitted again. */
export type Message = { key: string; to: string; from: string; type: 'SMS' | 'LMS'; text: string };

/** What the gateway said to one message: taken (`code` null), or refused for a reason of its own. */
export type Submitted = { key: string; code: string | null };

/** What became of one message. */
export type Report = { key: string; state: 'delivered' | 'failed'; code: string; at: string };

/**
 * A way to reach customers by message. A message may be submitted more than once under the same key, after a crash or an
 * answer that was lost; a gateway that knows keys sends it once.
 */
export interface Channel {
  /** Names the gateway and account, for the place that its reports were read to. */
  readonly gateway: string;
  /** Most messages of one call. */
  readonly batchSize: number;
  /** Hands messages to the gateway. Throws {@link GatewayBusy} when they were not taken and shall be tried later. */
  submit(messages: readonly Message[], signal: AbortSignal): Promise<Submitted[]>;
  /** Reports after a position, oldest first, with the position to go on from. An empty list: nothing new. */
  reports(after: number, signal: AbortSignal): Promise<{ reports: Report[]; position: number }>;
}

/** The gateway took nothing; it is worth trying again after `retryAfterMs`. Holds no text of the gateway, which may quote numbers. */
export class GatewayBusy extends Error {
  readonly retryAfterMs: number;

  constructor(reason: string, retryAfterMs: number) {
    super(`the gateway does not take messages now: ${reason}`);
    this.name = 'GatewayBusy';
    this.retryAfterMs = retryAfterMs;
  }
}
