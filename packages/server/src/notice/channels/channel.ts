import type { Tx } from '#platform/db';

/** One message to one address. `key` is ours and stays the same when the message is submitted again. */
export type Message = {
  key: string;
  /** A Korean mobile number as `010…`, a foreign one as `+…`, a token of the company, or an address of email. */
  to: string;
  from: string;
  type: 'SMS' | 'LMS';
  /** Title of a long message or a mail. */
  subject: string;
  text: string;
};

/**
 * What the gateway said to one message. `taken`: it has it, under its own `ids`, one a part (none when it reports by our
 * keys). `refused`: for a reason of its own. `unsent`: it certainly has not got it. A message that is left out is in doubt.
 */
export type Submitted =
  | { key: string; outcome: 'taken'; ids: readonly string[] }
  | { key: string; outcome: 'refused'; code: string }
  | { key: string; outcome: 'unsent' };

/** Which message a gateway speaks of: by our key; or by its own id, with the address and a test whether a key can be meant. */
export type About = { key: string } | { id: string; number: string | null; isOf: (key: string) => boolean };

/**
 * What became of one message, or of one part of it. `accepted`: a gateway that only kept it at first has taken it. `viewed`
 * and `certified` come by our keys only; `code` of the latter is the number of the certificate.
 */
export type ReportState = 'accepted' | 'delivered' | 'failed' | 'viewed' | 'certified';
export type Report = { about: About; state: ReportState; code: string; at: string };

/** What stands in place of a message's address: telephone numbers, tokens that only the company's own system resolves, or mail. */
export type AddressKind = 'phone' | 'token' | 'email';

/**
 * A way to reach customers by message. A message may be submitted more than once under the same key, after a crash or an
 * answer that was lost; a gateway that knows keys sends it once.
 */
export interface Channel {
  /** Names the gateway and account, for the place that its reports were read to. */
  readonly gateway: string;
  readonly addresses: AddressKind;
  /** Most messages of one call. */
  readonly batchSize: number;
  /** Messages a second by contract, of all workers together; null = no limit. */
  readonly perSecond: number | null;
  /** How long a message without an answer is left alone before it is submitted again, ms; 0 for a gateway that knows keys. */
  readonly doubtMs: number;
  /** True when reports come over a connection that must stand for them; false when they are fetched. */
  readonly pushesReports: boolean;
  /** What the answer to a submission proves: `submitted` = that it was handed over, `accepted` = that it was taken. */
  readonly proves: 'submitted' | 'accepted';
  /** True when messages are kept in our own database: they are handed over in the transaction that says so, once exactly. */
  readonly inOurDatabase: boolean;
  /** Hands messages to the gateway. `tx`: when {@link inOurDatabase}. Throws {@link GatewayBusy} when they were not taken and shall be tried later. */
  submit(messages: readonly Message[], signal: AbortSignal, tx?: Tx): Promise<Submitted[]>;
  /** Reports after a position, oldest first, with the position to go on from. An empty list: nothing new. */
  reports(after: number, signal: AbortSignal): Promise<{ reports: Report[]; position: number }>;
  /** Hears that reports are written down: only now may the gateway forget them. */
  committed(reports: readonly Report[]): void;
  /** Ends the connection, if there is one, until it is needed again. */
  close(): Promise<void>;
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
