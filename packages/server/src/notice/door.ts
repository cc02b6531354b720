/** The door of notices: its acts, each a change and its evidence in one commit. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BreakwaterError } from '@breakwater/rules';
import { canonicalJson } from '@breakwater/rules/evidence';
import { mayFollow, readNotice as parseNotice, type Notice } from '@breakwater/rules/notice';
import { defaultPolicy } from '@breakwater/rules/plan';
import { noticeSubmitted } from '@breakwater/rules/notice/record';
import { append } from '#evidence';
import { inTransaction } from '#platform/db';
import { noticesForGate, type NoticeOfPlan } from './gate.ts';
import { requireFit, type FitOptions } from './fit.ts';
import { refuse } from './refusal.ts';
import { publishPlan, refreshSite, type Published, type Publisher } from './publishing.ts';
import { createSendings, type Sendings, type SendingsOptions, type SendingStatus } from './sendings.ts';
import { listVersions } from './chain-store.ts';
import { listSendings } from './sending-store.ts';
import {
  insertNotice,
  listNotices,
  readNotice,
  sendingsAtAGlance,
  type NoticeRow,
  type SendingAtAGlance,
} from './store.ts';

export type NoticeOptions = SendingsOptions &
  Publisher &
  FitOptions & {
    /** Share of text messages that must have arrived before a work starts, 0 to 1. Default: of the plans' policy. */
    coverage?: number;
  };

export type NoticeStatus = {
  notice: string;
  plan: string;
  document: Notice;
  submittedBy: string;
  submittedAt: string;
  website: { at: string; url: string } | null;
  sendings: SendingStatus[];
};

/** A notice in a list of them. */
export type ListedNotice = Omit<NoticeStatus, 'sendings'> & { sendings: SendingAtAGlance[] };

export type Announced = {
  /** Null = nothing was published yet. */
  company: { ko: string; en: string } | null;
  phone: string | null;
  services: { id: string; name: { ko: string; en: string } }[];
};

export type NoticeDoor = Sendings & {
  /** Writes a notice down and returns its id; the same document for the same plan has the same id. Throws BreakwaterError `notice.*`. */
  submit(value: unknown, of: { plan: string; by: string }): Promise<string>;
  /** Puts a notice on the public site. Throws Refused `notice-lint` when the notice is not fit to be read. */
  publish(id: string, by: string): Promise<Published>;
  status(id: string): Promise<NoticeStatus>;
  /** Notices of a plan, or of all (null), the newest first; at most {@link listed}. */
  list(plan: string | null): Promise<ListedNotice[]>;
  /** Who announces works, and the services of all published ones, as customers call them. */
  announced(): Promise<Announced>;
  /** The notices of a plan, for the start gate. */
  noticesForPlan(plan: string): Promise<NoticeOfPlan[]>;
  /** What the customers of a plan were told by, also what was changed or is over since, in the order of time. */
  tellingsOfPlan(plan: string): Promise<{ notice: string; channel: 'website' | 'sms'; at: string }[]>;
  /** Publishes again the pages that no longer say the truth about the time of the work. */
  refresh(): Promise<void>;
  /** Works in the background until the returned function is called: submits, reads reports, refreshes pages. */
  work(): Promise<() => Promise<void>>;
};

const refreshMs = 5000;
const failedMs = 2000;
const listed = 100;

/** Opens the domain. */
export function createNotice(options: NoticeOptions): NoticeDoor {
  const { db, clock, institution, log } = options;
  const known = async (id: string): Promise<NoticeRow> => {
    const row = await readNotice(db, institution, id);
    if (row === null) throw new BreakwaterError('notice.not-found', `there is no notice ${JSON.stringify(id)}`, '/id');
    return row;
  };

  const sendings = createSendings(options, { known, requireFit: (document) => requireFit(options, document) });

  const door: NoticeDoor = {
    ...sendings,

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
      requireFit(options, document);
      // A notice that was published once may be published again; a new one must be able to follow the newest.
      return publishPlan(options, plan, id, by, (last) => {
        const may = mayFollow(last);
        if (!may.includes(document.kind)) throw refuse({ reason: 'notice-succession', last, kind: document.kind, may });
      });
    },

    async status(id) {
      const row = await known(id);
      const found = (await listNotices(db, institution, { plan: row.plan, limit: listed })).find(
        (notice) => notice.id === id,
      );
      return {
        ...standing(found ?? { ...row, publishedAt: null, url: null }),
        sendings: await sendings.sendingsOf(id),
      };
    },

    async list(plan) {
      const rows = await listNotices(db, institution, { ...(plan === null ? {} : { plan }), limit: listed });
      const ids = rows.map(({ id }) => id);
      const sent = await sendingsAtAGlance(db, institution, ids);
      return rows.toReversed().map((row) => ({ ...standing(row), sendings: sent.get(row.id) ?? [] }));
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

    noticesForPlan: (plan) =>
      noticesForGate({ ...options, coverage: options.coverage ?? defaultPolicy.coverage }, plan),

    async tellingsOfPlan(plan) {
      const versions = await listVersions(db, institution, { plan, limit: listed });
      const sent = await listSendings(db, institution, { plan });
      const tellings = [
        ...versions.map(({ id, publishedAt }) => ({ notice: id, channel: 'website' as const, at: publishedAt })),
        ...sent.flatMap(({ notice, channel, requestedAt, document }) =>
          channel === 'sms' && document.kind !== 'result' ? [{ notice, channel: 'sms' as const, at: requestedAt }] : [],
        ),
      ];
      return tellings
        .toSorted((a, b) => a.at.getTime() - b.at.getTime())
        .map(({ at, ...telling }) => ({ ...telling, at: at.toISOString() }));
    },

    refresh: () => refreshSite(options),

    async work() {
      const stopping = new AbortController();
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
      const rounds = [
        ...sendings.rounds(stopping.signal),
        {
          ms: refreshMs,
          what: 'refreshing the public site failed',
          async round() {
            await door.refresh();
            return false;
          },
        },
      ];
      await sendings.begin();
      const loops = rounds.map(({ ms, what, round }) => every(ms, what, round));
      return async () => {
        stopping.abort();
        await Promise.all(loops);
        await sendings.end();
      };
    },
  };
  return door;
}

function standing(row: NoticeRow & { publishedAt: Date | null; url: string | null }): Omit<NoticeStatus, 'sendings'> {
  const { id, plan, document, submittedBy, submittedAt, publishedAt, url } = row;
  const website = publishedAt === null || url === null ? null : { at: publishedAt.toISOString(), url };
  return { notice: id, plan, document, submittedBy, submittedAt: submittedAt.toISOString(), website };
}

function sha256(content: string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
