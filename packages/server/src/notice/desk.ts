/** The desk where notices are written, judged and announced: part of the door of notices. */
import type { NoticeDecisionStatement, Signature } from '@breakwater/rules';
import { BreakwaterError } from '@breakwater/rules';
import { mustBeSent, quietWithin, type Notice, type NoticeGate } from '@breakwater/rules/notice';
import { quietHoursOverridden } from '@breakwater/rules/notice/record';
import { append } from '#evidence';
import { inTransaction } from '#platform/db';
import { approvalOf, decideNotice, requireApproval, type Approval, type ApprovalOptions } from './approvals.ts';
import { listVersions } from './chain-store.ts';
import type { NoticeDoor } from './door.ts';
import { createDrafts, known as knownDraft, recordEnd, type DraftOptions, type Drafts } from './drafts.ts';
import { readDraft, type DraftRow } from './draft-store.ts';
import { customerNumbers, estimateSending, type Estimate, type EstimateOptions } from './estimate.ts';
import { followRuns, type RunInSight } from './follow.ts';
import { noticeGate } from './gate.ts';
import { requireFit } from './fit.ts';
import { readSending } from './sending-store.ts';
import { refuse } from './refusal.ts';
import { visibilityOf, watchSite } from './site-watch.ts';
import { readNotice, type NoticeRow } from './store.ts';
import { lookAtSite } from './queues.ts';
import type { WebhookOptions } from './webhooks.ts';
import type { Log } from '#platform/telemetry';

export type DeskOptions = DraftOptions &
  ApprovalOptions &
  Omit<EstimateOptions, 'intendedBy'> &
  WebhookOptions & {
    log: Log;
    lookMinutes: number;
    /** Whether text messages are kept from 21:00 to 08:00, Korean time, unless somebody says why not. */
    quietHours: boolean;
    /** Share of text messages that must have arrived before a work starts, 0 to 1. */
    coverage: number;
  };

/** One press: on the site, and by text message where the notice must be told again. */
export type AnnouncedNow = {
  notice: string;
  website: Awaited<ReturnType<NoticeDoor['publish']>>;
  /** Null = it was not sent, because nobody has to be told again. */
  sms: Awaited<ReturnType<NoticeDoor['send']>> | null;
};

export type Desk = Drafts & {
  /** Takes a signed decision about a notice. Throws as `decideNotice`. */
  decide(statement: NoticeDecisionStatement, signature: Signature): Promise<Approval>;
  approval(id: string): Promise<Approval>;
  /** What sending a draft or a notice now would take. */
  estimate(id: string): Promise<Estimate>;
  /**
   * Publishes a draft or a notice and sends it where it must be told again, to those who were told of this work before, or
   * else to the customers of its services. `wake` = why the quiet hours do not hold.
   */
  announce(id: string, by: string, wake: string | null): Promise<AnnouncedNow>;
  /** Throws Refused `notice-quiet-hours` when a sending now would wake people and nobody said why. */
  requireAwake(id: string, by: string, wake: string | null): Promise<void>;
  /** Whether the work of a plan may start as far as its notices go. */
  gate(plan: string): Promise<NoticeGate>;
  visibility(id: string): ReturnType<typeof visibilityOf>;
  /** Requires what `policy` asks for before it publishes or sends. */
  publish: NoticeDoor['publish'];
  send: NoticeDoor['send'];
  /** Sends what a template worded and nobody edited: it needs nobody's approval. */
  sendPrefilled: NoticeDoor['send'];
  /** Takes in what is seen of running works. */
  follow(runs: readonly RunInSight[]): Promise<void>;
  /** Looks at the public pages once. */
  watch(signal: AbortSignal): Promise<void>;
  /** Takes up what the desk leaves to the background. */
  beginDesk(): Promise<void>;
};

const listed = 100;

export function createDesk(options: DeskOptions, door: NoticeDoor): Desk {
  const { db, institution, clock } = options;
  const known = async (id: string): Promise<NoticeRow> => {
    const row = await readNotice(db, institution, id);
    if (row === null) throw new BreakwaterError('notice.not-found', `there is no notice ${JSON.stringify(id)}`, '/id');
    return row;
  };
  const intendedBy = async (notice: string): Promise<number | null> => {
    const sending = await readSending(db, { institution, notice, channel: 'sms' });
    return sending === null || sending.state === 'loading' || sending.erasedAt !== null ? null : sending.intended;
  };
  const estimate = async (row: Pick<NoticeRow, 'id' | 'plan' | 'document'>): Promise<Estimate> =>
    estimateSending({ ...options, intendedBy }, row);

  const requireAwake = async (id: string, by: string, wake: string | null): Promise<void> => {
    const { plan } = await known(id);
    const at = clock.now();
    const [quiet] = quietWithin(at.getTime(), at.getTime() + 1);
    if (!options.quietHours || quiet === undefined) return;
    const ends = quietWithin(at.getTime(), at.getTime() + 86_400_000)[0]?.end ?? quiet.end;
    if (wake === null) throw refuse({ reason: 'notice-quiet-hours', until: new Date(ends).toISOString() });
    await inTransaction(db, (tx) =>
      append(tx, {
        type: quietHoursOverridden.type,
        institution,
        subjects: { plan, notice: id },
        actor: { kind: 'person', id: by },
        at: at.toISOString(),
        payload: { notice: id, plan, why: wake, by, at: at.toISOString() },
      }),
    );
  };

  const versionsOf = (plan: string) => listVersions(db, institution, { plan, limit: listed });

  /** The newest notice of the work that was sent, and so whose recipients are told again. */
  const sentBefore = async (plan: string, id: string): Promise<string | null> => {
    for (const version of (await versionsOf(plan)).toReversed())
      if (version.id !== id && (await intendedBy(version.id)) !== null) return version.id;
    return null;
  };

  return {
    ...createDrafts(options),
    decide: (statement, signature) =>
      decideNotice(
        options,
        { statement, signature },
        {
          requireFit: (document) => requireFit(options, document),
          estimate,
        },
      ),
    approval: async (id) => approvalOf(options, await known(id)),
    estimate: async (id) => estimate((await readDraft(db, institution, id)) ?? (await known(id))),
    requireAwake,

    async announce(id, by, wake) {
      const draft = await readDraft(db, institution, id);
      const notice =
        draft === null ? id : await door.submit((await knownDraft(options, id)).document, { plan: draft.plan, by });
      const row = await known(notice);
      if (!isPrefilled(draft)) await requireApproval(options, row);
      const before = (await versionsOf(row.plan)).findLast((version) => version.id !== notice)?.document ?? null;
      const isTold = mustBeSent(before, row.document);
      if (isTold) await requireAwake(notice, by, wake);
      const website = await door.publish(notice, by);
      if (draft !== null) {
        await inTransaction(db, (tx) => recordEnd(tx, options, { id, plan: draft.plan, notice, by }));
      }
      if (!isTold) return { notice, website, sms: null };
      const earlier = await sentBefore(row.plan, notice);
      const list = earlier === null ? customersOf(options, row.document) : door.recipientsOf(earlier);
      return { notice, website, sms: await door.send(notice, list, by) };
    },

    gate: (plan) => noticeGate(options, plan),
    visibility: async (id) => visibilityOf(options, (await known(id)).id),
    follow: (runs) => followRuns(options, runs),
    watch: (signal) => watchSite(options, signal),
    async publish(id, by) {
      await requireApproval(options, await known(id));
      return door.publish(id, by);
    },
    async send(id, list, by, channel) {
      await requireApproval(options, await known(id));
      return door.send(id, list, by, channel);
    },
    sendPrefilled: (id, list, by, channel) => door.send(id, list, by, channel),
    async beginDesk() {
      await options.jobs.work(lookAtSite, ({ signal }) => watchSite(options, signal));
      await options.jobs.schedule(lookAtSite, `*/${options.lookMinutes} * * * *`, { institution }, 'Asia/Seoul');
    },
  };
}

/** Whether a draft is what the system worded after a trip, and nobody edited it: then whoever announces it answers for it alone. */
function isPrefilled(draft: DraftRow | null): boolean {
  return draft?.origin === 'trip' && draft.revision === 1;
}

/** The customers of the services that a notice names, by the company's lists. */
async function* customersOf({ customers }: DeskOptions, { services }: Notice): AsyncGenerator<string> {
  const lists = customers.filter(({ service }) => services.includes(service));
  if (lists.length === 0) {
    throw new BreakwaterError(
      'notice.no-customers',
      `no list of customers of ${services.join(', ')} is configured (notice.customers): give a list of numbers`,
      'notice.customers',
    );
  }
  for (const { file } of lists) yield* customerNumbers(file);
}
