/** The door of notices: its acts, each a change and its evidence in one commit. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BreakwaterError } from '@breakwater/rules';
import { canonicalJson } from '@breakwater/rules/evidence';
import { lintNotice, mayFollow, noticeFields, readNotice as parseNotice, type Notice } from '@breakwater/rules/notice';
import { noticeSubmitted, recipientsErased } from '@breakwater/rules/notice/record';
import { append } from '#evidence';
import { inTransaction } from '#platform/db';
import { announcedBy, figuresOf, recordDelivery, type DeliveryFigures } from './proof.ts';
import { sendBatch } from './queues.ts';
import { refuse } from './refusal.ts';
import { followReports } from './reports.ts';
import { keyOf, rescueSendings, startSending, submitBatch, type SendingPlatform } from './sending.ts';
import { publishPlan, refreshSite, type Published, type Publisher } from './publishing.ts';
import {
  countRecipients,
  countResubmitted,
  eraseRecipients,
  insertNotice,
  listNotices,
  listSendings,
  moveSending,
  readNotice,
  readRecipient,
  readSending,
  type NoticeRow,
  type SendingId,
  type SendingState,
} from './store.ts';

export type NoticeOptions = Omit<SendingPlatform, 'settleAfterMs'> &
  Publisher & {
    settleAfterMs?: number;
    /** Sender numbers that are registered with the carriers; left out: each notice's own list is judged by. */
    registeredSenders?: string[];
  };

/** A notice on one channel, as the start gate and the assessment know it. */
export type NoticeOfPlan = {
  notice: string;
  plan: string;
  channel: 'website' | 'sms';
  at: string;
  fields: ReturnType<typeof noticeFields>;
  announced: { start: string; end: string; services: string[] };
  status: 'sent' | 'cancelled';
  intended?: number;
  delivered?: number | null;
};

export type SendingStatus = DeliveryFigures & {
  notice: string;
  channel: 'sms';
  state: SendingState;
  repeated: number;
  /** Submitted more than once because an answer was lost: at most so many got it twice, none from a gateway that knows our keys. */
  resubmitted: number;
  /** Reported so far; at least this many arrived. */
  arrived: number;
  /** True when nothing has moved for a minute although messages wait. */
  stalled: boolean;
};

export type NoticeStatus = {
  notice: string;
  plan: string;
  website: { at: string; url: string } | null;
  sendings: SendingStatus[];
};

export type Announced = {
  /** Null = nothing was published yet. */
  company: { ko: string; en: string } | null;
  phone: string | null;
  services: { id: string; name: { ko: string; en: string } }[];
};

export type NoticeDoor = {
  /** Writes a notice down and returns its id; the same document for the same plan has the same id. Throws BreakwaterError `notice.*`. */
  submit(value: unknown, of: { plan: string; by: string }): Promise<string>;
  /** Puts a notice on the public site. Throws Refused `notice-lint` when the notice is not fit to be read. */
  publish(id: string, by: string): Promise<Published>;
  /** Sends a notice by text message to mobile numbers. Resolves when all are stored; workers submit them. */
  send(id: string, numbers: AsyncIterable<string> | Iterable<string>, by: string): Promise<SendingStatus>;
  /** Stops a sending: messages that were not submitted yet never are. */
  stop(id: string, by: string): Promise<void>;
  /** Makes the numbers of an ended sending unreadable for ever. Returns how many there were. */
  erase(id: string, by: string): Promise<number>;
  status(id: string): Promise<NoticeStatus>;
  /** Whether a number was told, and when; answered from its hash, also after the numbers were erased. */
  toldNumber(id: string, number: string): Promise<{ state: string; submittedAt: string | null } | null>;
  /** Who announces works, and the services of all published ones, as customers call them. */
  announced(): Promise<Announced>;
  /** The notices of a plan, for the start gate. */
  noticesForPlan(plan: string): Promise<NoticeOfPlan[]>;
  /** Publishes again the pages that no longer say the truth about the time of the work. */
  refresh(): Promise<void>;
  /** Works in the background until the returned function is called: submits, reads reports, refreshes pages. */
  work(): Promise<() => Promise<void>>;
};

const settleAfterMs = 10 * 60_000;
const stalledMs = 60_000;
const reportMs = 250;
const refreshMs = 5000;
const rescueLookMs = 2000;
const failedMs = 2000;
const listed = 100;

/** Opens the domain. */
export function createNotice(options: NoticeOptions): NoticeDoor {
  const { db, clock, institution, log } = options;
  const platform: SendingPlatform = { ...options, settleAfterMs: options.settleAfterMs ?? settleAfterMs };
  const sendingOf = (notice: string): SendingId => ({ institution, notice, channel: 'sms' });

  const known = async (id: string): Promise<NoticeRow> => {
    const row = await readNotice(db, institution, id);
    if (row === null) throw new BreakwaterError('notice.not-found', `there is no notice ${JSON.stringify(id)}`, '/id');
    return row;
  };

  const requireFit = (document: Notice): void => {
    const { registeredSenders } = options;
    const judged = registeredSenders === undefined ? document : { ...document, registeredSenders };
    const { findings } = lintNotice(judged, clock.now().toISOString());
    const errors = findings.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw refuse({ reason: 'notice-lint', findings: errors });
  };

  const sendingStatus = async (id: SendingId): Promise<SendingStatus | null> => {
    const sending = await readSending(db, id);
    if (sending === null) return null;
    const counts = await countRecipients(db, id);
    const figures = figuresOf(counts, sending.state === 'settled');
    const silent = clock.now().getTime() - sending.progressedAt.getTime();
    return {
      notice: id.notice,
      channel: id.channel,
      state: sending.state,
      ...figures,
      repeated: sending.repeated,
      resubmitted: await countResubmitted(db, id),
      arrived: counts.delivered,
      stalled: sending.state === 'sending' && silent > stalledMs,
    };
  };

  const door: NoticeDoor = {
    async submit(value, { plan, by }) {
      const document = parseNotice(value);
      const digest = sha256(canonicalJson(document));
      const id = `${plan}-${document.kind}-${digest.slice('sha256:'.length, 'sha256:'.length + 8)}`;
      const at = clock.now();
      await inTransaction(db, async (tx) => {
        if (!(await insertNotice(tx, institution, { id, plan, document, submittedBy: by, submittedAt: at }))) return;
        await append(tx, {
          type: noticeSubmitted.type,
          institution,
          subjects: { plan, notice: id },
          actor: { kind: 'person', id: by },
          at: at.toISOString(),
          payload: { notice: id, plan, kind: document.kind, document: digest, by, at: at.toISOString() },
        });
      });
      return id;
    },

    async publish(id, by) {
      const { plan, document } = await known(id);
      requireFit(document);
      // A notice that was published once may be published again; a new one must be able to follow the newest.
      return publishPlan(options, plan, id, by, (last) => {
        const may = mayFollow(last);
        if (!may.includes(document.kind)) throw refuse({ reason: 'notice-succession', last, kind: document.kind, may });
      });
    },

    async send(id, numbers, by) {
      const { document } = await known(id);
      requireFit(document);
      if (options.channel === null) {
        throw new BreakwaterError(
          'notice.no-gateway',
          'no text message gateway is configured: set notice.gatewayUrl or notice.smpp.host',
          'notice.gatewayUrl',
        );
      }
      await startSending(platform, sendingOf(id), sha256(document.texts.sms ?? ''), numbers, by);
      const status = await sendingStatus(sendingOf(id));
      if (status === null) throw new Error('a sending that was started is there');
      return status;
    },

    async stop(id, by) {
      await known(id);
      await inTransaction(db, async (tx) => {
        if (!(await moveSending(tx, sendingOf(id), ['loading', 'sending', 'settling'], 'stopped', clock.now()))) return;
        const sending = await readSending(tx, sendingOf(id));
        if (sending !== null) await recordDelivery(tx, sending, by);
      });
    },

    async erase(id, by) {
      const { plan } = await known(id);
      return inTransaction(db, async (tx) => {
        const sending = await readSending(tx, sendingOf(id));
        if (sending === null) return 0;
        if (sending.state !== 'settled' && sending.state !== 'stopped')
          throw refuse({ reason: 'notice-still-sending', state: sending.state });
        const at = clock.now();
        const count = await eraseRecipients(tx, sendingOf(id), at);
        if (sending.erasedAt === null) {
          await append(tx, {
            type: recipientsErased.type,
            institution,
            subjects: { plan, notice: id },
            actor: { kind: 'person', id: by },
            at: at.toISOString(),
            payload: { notice: id, plan, channel: 'sms', count, by, at: at.toISOString() },
          });
        }
        return count;
      });
    },

    async status(id) {
      const { plan } = await known(id);
      const row = (await listNotices(db, institution, { plan, limit: listed })).find((notice) => notice.id === id);
      const website =
        row === undefined || row.publishedAt === null || row.url === null
          ? null
          : { at: row.publishedAt.toISOString(), url: row.url };
      const sending = await sendingStatus(sendingOf(id));
      return { notice: id, plan, website, sendings: sending === null ? [] : [sending] };
    },

    async toldNumber(id, number) {
      await known(id);
      const found = await readRecipient(db, sendingOf(id), keyOf(options.secrets(), sendingOf(id), number));
      return found === null ? null : { state: found.state, submittedAt: found.submittedAt?.toISOString() ?? null };
    },

    async announced() {
      const rows = await listNotices(db, institution, { limit: listed });
      const published = rows.flatMap(({ document, publishedAt }) => (publishedAt === null ? [] : [document]));
      const company = published.at(-1)?.company;
      const services = published.flatMap(({ services: named, serviceNames }) =>
        named.map((id): Announced['services'][number] => ({ id, name: serviceNames?.[id] ?? { ko: id, en: id } })),
      );
      return {
        company: company?.name ?? null,
        phone: company?.phone ?? null,
        services: [...new Map(services.map((service) => [service.id, service])).values()],
      };
    },

    async noticesForPlan(plan) {
      const rows = await listNotices(db, institution, { plan, limit: listed });
      const website = rows.flatMap(({ id, document, publishedAt }): NoticeOfPlan[] =>
        publishedAt === null
          ? []
          : [
              {
                notice: id,
                plan,
                channel: 'website',
                at: publishedAt.toISOString(),
                fields: noticeFields(document),
                announced: announcedBy(document),
                status: 'sent',
              },
            ],
      );
      const sendings = await listSendings(db, institution, { plan });
      const messages = await Promise.all(
        sendings.map(async (sending): Promise<NoticeOfPlan> => {
          const { intended } = figuresOf(await countRecipients(db, sending), sending.state === 'settled');
          const { delivered } = await countRecipients(db, sending);
          return {
            notice: sending.notice,
            plan,
            channel: sending.channel,
            at: (sending.lastSubmittedAt ?? sending.requestedAt).toISOString(),
            fields: noticeFields(sending.document),
            announced: announcedBy(sending.document),
            status: sending.state === 'stopped' ? 'cancelled' : 'sent',
            intended,
            delivered,
          };
        }),
      );
      return [...website, ...messages];
    },

    refresh: () => refreshSite(options),

    async work() {
      const stopping = new AbortController();
      await options.jobs.work(sendBatch, (job) => submitBatch(platform, job));
      const every = async (ms: number, what: string, round: () => Promise<boolean>): Promise<void> => {
        while (!stopping.signal.aborted) {
          const wait = await round().then(
            (more) => (more ? 0 : ms),
            (error: unknown) => {
              if (!stopping.signal.aborted) log.warn({ error }, what);
              return failedMs;
            },
          );
          await sleep(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
        }
      };
      const loops = [
        every(reportMs, 'reading delivery reports failed', () => followReports(platform, institution, stopping.signal)),
        every(rescueLookMs, 'taking up a sending failed', async () => {
          await rescueSendings(platform, institution, stopping.signal);
          return false;
        }),
        every(refreshMs, 'refreshing the public site failed', async () => {
          await door.refresh();
          return false;
        }),
      ];
      return async () => {
        stopping.abort();
        await Promise.all(loops);
        await options.channel?.close();
      };
    },
  };
  return door;
}

function sha256(content: string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
