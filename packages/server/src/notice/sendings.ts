/** The acts on sendings: part of the door of notices, which judges whether a notice may be sent. */
import { createHash } from 'node:crypto';
import { BreakwaterError } from '@breakwater/rules';
import { isStalled, type Notice } from '@breakwater/rules/notice';
import { createBrake } from './brake.ts';
import type { AddressKind } from './channels/channel.ts';
import { startSending, type RecipientList } from './loading.ts';
import { figuresOf, type DeliveryFigures } from './proof.ts';
import { sendBatch } from './queues.ts';
import { refuse } from './refusal.ts';
import { followReports, takeReports } from './reports.ts';
import { rescueSendings } from './rescue.ts';
import { storedRecipients } from './stored-recipients.ts';
import { createSendingKeys, fileKeyWrapper, type KeyWrapper } from './sending-keys.ts';
import { gatewayOf, submitBatch, type SendingPlatform } from './sending.ts';
import {
  countRecipients,
  listRejected,
  readSending,
  type RejectedLine,
  type SendingChannel,
  type SendingId,
  type SendingState,
} from './sending-store.ts';
import {
  endLifetimes,
  eraseAddresses,
  haltSendings,
  pauseSending,
  releaseSendings,
  resumeSending,
  stopSending,
  type Lifetimes,
} from './steering.ts';
import { countSuppressions, readHalt, type Halt } from './steering-store.ts';
import { changeSuppressions, type SuppressionReason } from './suppression.ts';
import { sealBatches, stateOfNumber, toldOf, type Told } from './told.ts';
import type { NoticeRow } from './store.ts';

export type SendingsOptions = Omit<SendingPlatform, 'settleAfterMs' | 'keys' | 'brake'> & {
  institution: string;
  /** Where the key-encryption key is. Default: the file of secrets. */
  wrapper?: KeyWrapper;
  settleAfterMs?: number;
  lifetimes?: Lifetimes;
};

export type SendingStatus = DeliveryFigures & {
  notice: string;
  channel: SendingChannel;
  state: SendingState;
  /** Lines of the list that were read. */
  lines: number;
  repeated: number;
  /** Submitted more than once because an answer was lost: at most so many got it twice, none from a gateway that knows our keys. */
  resubmitted: number;
  /** Taken by the gateway, as it said; it does not say whether they arrived. */
  accepted: number;
  /** Reported so far; at least this many arrived. */
  arrived: number;
  /** Of those who got it: known to have seen it, and with a certificate. */
  viewed: number;
  certified: number;
  /** True when nothing has moved for a minute although messages wait. */
  stalled: boolean;
  /** The gateway that takes its messages, and since when when it is not the first; null = none is configured any more. */
  gateway: string | null;
  switchedAt: string | null;
  /** True while the switch over all sendings is thrown. */
  halted: boolean;
};

export type Sendings = {
  /** Sends a notice to a list. Resolves when all of it is stored; workers submit it. Throws Refused. */
  send(id: string, list: RecipientList, by: string, channel?: SendingChannel): Promise<SendingStatus>;
  /** What the addresses of a channel's lists are. Throws BreakwaterError `notice.no-gateway`. */
  addressesOf(channel: SendingChannel): AddressKind;
  /** What the lists of text messages name customers by; null = no gateway is configured. */
  customersAreNamedBy(): AddressKind | null;
  /** Holds a sending, and goes on with it. Throws Refused `notice-not-sending`. */
  pause(id: string, by: string, channel?: SendingChannel): Promise<void>;
  resume(id: string, by: string, channel?: SendingChannel): Promise<void>;
  /** Ends a sending: messages that were not submitted yet never are. */
  stop(id: string, by: string, channel?: SendingChannel): Promise<void>;
  /** Makes the addresses of an ended sending unreadable for ever. Returns how many there were. */
  erase(id: string, by: string, channel?: SendingChannel): Promise<number>;
  /** The switch over all sendings: throws it, releases it, and says how it stands. False = it stood so already. */
  halt(by: string, reason: string): Promise<boolean>;
  release(by: string): Promise<boolean>;
  halted(): Promise<Halt | null>;
  /** The addresses that a notice was sent to, to send them another. Throws Refused `notice-recipients-erased`. */
  recipientsOf(id: string, channel?: SendingChannel): RecipientList;
  /** The sendings of a notice. */
  sendingsOf(id: string): Promise<SendingStatus[]>;
  /** Lines of the list that reach nobody, after line `after`. The first 10,000 are kept. */
  rejected(id: string, of: { channel: SendingChannel; after: number; limit: number }): Promise<RejectedLine[]>;
  /** Whether a number was told, when, with which text, and the proof; answered from its hash, also after the numbers were erased. */
  told(id: string, number: string, channel?: SendingChannel): Promise<Told | null>;
  /** Whether a number (or token, where lists are of these) was told by text message, and when, without the proof. */
  toldNumber(id: string, number: string): Promise<{ state: string; submittedAt: string | null } | null>;
  /** Adds a list to those who get no notices, or takes it out. */
  suppress(
    list: RecipientList,
    of: { by: string; reason: SuppressionReason },
  ): Promise<{ changed: number; rejected: number[] }>;
  unsuppress(list: RecipientList, by: string): Promise<{ changed: number; rejected: number[] }>;
  suppressions(): Promise<{ reason: string; count: number }[]>;
  /** Takes reports that a gateway brings by itself, by our keys. */
  report(reports: Parameters<typeof takeReports>[2]): Promise<void>;
  /** Begins to submit in this process; the rounds that go with it; and their end. */
  begin(): Promise<void>;
  rounds(signal: AbortSignal): Round[];
  end(): Promise<void>;
};

/** Work that is done again and again: at once while it returns true. */
export type Round = { ms: number; what: string; round: () => Promise<boolean> };

const settleAfterMs = 10 * 60_000;
const lifetimes: Lifetimes = { eraseDays: 30, forgetYears: 5 };
const reportMs = 250;
const rescueLookMs = 2000;
const sealMs = 1000;
const lifetimeMs = 3_600_000;

/** Opens the acts. `known` finds a notice or throws; `requireFit` throws for one that may not be sent. */
export function createSendings(
  options: SendingsOptions,
  { known, requireFit }: { known: (id: string) => Promise<NoticeRow>; requireFit: (document: Notice) => void },
): Sendings {
  const { db, clock, institution, gateways } = options;
  const platform: SendingPlatform = {
    ...options,
    settleAfterMs: options.settleAfterMs ?? settleAfterMs,
    keys: createSendingKeys(options.secrets, options.wrapper ?? fileKeyWrapper(options.secrets)),
    brake: createBrake(db),
  };
  const idOf = (notice: string, channel: SendingChannel): SendingId => ({ institution, notice, channel });

  const addressesOf = (channel: SendingChannel): AddressKind => {
    const [first] = gateways[channel];
    if (first !== undefined) return first.addresses;
    throw new BreakwaterError(
      'notice.no-gateway',
      channel === 'sms'
        ? 'no text message gateway is configured: set notice.gatewayUrl, notice.smpp.host, notice.sens, notice.token or notice.table'
        : 'no mail server is configured: set notice.email.host',
      channel === 'sms' ? 'notice.gatewayUrl' : 'notice.email.host',
    );
  };

  const statusOf = async (id: SendingId): Promise<SendingStatus | null> => {
    const sending = await readSending(db, id);
    if (sending === null) return null;
    const counts = await countRecipients(db, id);
    const silentMs = clock.now().getTime() - sending.progressedAt.getTime();
    return {
      notice: id.notice,
      channel: id.channel,
      state: sending.state,
      ...figuresOf(counts, sending.state === 'settled'),
      lines: sending.lines,
      repeated: sending.repeated,
      resubmitted: counts.resubmitted,
      arrived: counts.delivered,
      accepted: counts.accepted,
      viewed: counts.viewed,
      certified: counts.certified,
      stalled: isStalled({ isSending: sending.state === 'sending', silentMs }),
      gateway: gatewayOf(gateways, sending)?.gateway ?? null,
      switchedAt: sending.switchedAt?.toISOString() ?? null,
      halted: (await readHalt(db, institution)) !== null,
    };
  };

  const steer = async (
    id: string,
    channel: SendingChannel,
    { act, by }: { act: 'pause' | 'resume'; by: string },
  ): Promise<void> => {
    await known(id);
    const change = act === 'pause' ? pauseSending : resumeSending;
    if (await change(platform, idOf(id, channel), by)) return;
    const state = (await readSending(db, idOf(id, channel)))?.state ?? null;
    throw refuse({ reason: 'notice-not-sending', state, act });
  };

  return {
    addressesOf,
    customersAreNamedBy: () => gateways.sms[0]?.addresses ?? null,
    async send(id, list, by, channel = 'sms') {
      const { document } = await known(id);
      requireFit(document);
      const addresses = addressesOf(channel);
      const text = (channel === 'email' ? document.texts.website?.ko : null) ?? document.texts.sms ?? '';
      await startSending(platform, idOf(id, channel), { content: sha256(text), addresses, by }, list);
      const status = await statusOf(idOf(id, channel));
      if (status === null) throw new Error('a sending that was started is there');
      return status;
    },
    recipientsOf: (id, channel = 'sms') => storedRecipients(platform, idOf(id, channel)),
    pause: (id, by, channel = 'sms') => steer(id, channel, { act: 'pause', by }),
    resume: (id, by, channel = 'sms') => steer(id, channel, { act: 'resume', by }),
    async stop(id, by, channel = 'sms') {
      await known(id);
      await stopSending(platform, idOf(id, channel), by);
    },
    async erase(id, by, channel = 'sms') {
      await known(id);
      return eraseAddresses(platform, idOf(id, channel), { kind: 'person', id: by });
    },
    halt: (by, reason) => haltSendings(platform, institution, { by, reason }),
    release: (by) => releaseSendings(platform, institution, by),
    halted: () => readHalt(db, institution),
    async sendingsOf(id) {
      const found = await Promise.all((['sms', 'email'] as const).map((channel) => statusOf(idOf(id, channel))));
      return found.flatMap((status) => status ?? []);
    },
    async rejected(id, { channel, after, limit }) {
      await known(id);
      return listRejected(db, idOf(id, channel), after, limit);
    },
    async told(id, number, channel = 'sms') {
      await known(id);
      return toldOf(platform, idOf(id, channel), number);
    },
    async toldNumber(id, number) {
      await known(id);
      return stateOfNumber(platform, idOf(id, 'sms'), number);
    },
    suppress: (list, { by, reason }) =>
      changeSuppressions(platform, { institution, addresses: suppressed(gateways), by, act: 'add', reason }, list),
    unsuppress: (list, by) =>
      changeSuppressions(platform, { institution, addresses: suppressed(gateways), by, act: 'remove' }, list),
    suppressions: () => countSuppressions(db, institution),
    report: (reports) => takeReports(platform, institution, reports),
    begin: () => options.jobs.work(sendBatch, (job) => submitBatch(platform, job)),
    rounds: (signal) => [
      {
        ms: reportMs,
        what: 'reading delivery reports failed',
        round: () => followReports(platform, institution, signal),
      },
      {
        ms: rescueLookMs,
        what: 'taking up a sending failed',
        round: () => rescueSendings(platform, institution, signal).then(() => false),
      },
      { ms: sealMs, what: 'sealing what became of messages failed', round: () => sealBatches(platform, institution) },
      {
        ms: lifetimeMs,
        what: 'ending lifetimes failed',
        round: () => endLifetimes(platform, institution, options.lifetimes ?? lifetimes).then(() => false),
      },
    ],
    async end() {
      await Promise.all([...gateways.sms, ...gateways.email].map((channel) => channel.close()));
    },
  };
}

/** The list of those who get no notices is one of the addresses that text messages go to. */
function suppressed(gateways: SendingPlatform['gateways']): AddressKind {
  return gateways.sms[0]?.addresses ?? 'phone';
}

function sha256(content: string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
