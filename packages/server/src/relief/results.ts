/** Telling results: one text message to everybody whose claim was decided and not told, and what became of it. */
import { draftNotice, spellDate, spellPhone, type AnnouncedWork, type Notice } from '@breakwater/rules/notice';
import { claimTold, contactRead } from '@breakwater/rules/relief/record';
import { BreakwaterError } from '@breakwater/rules';
import { append } from '#evidence';
import { planOfRun } from '#plan';
import { inTransaction } from '#platform/db';
import { addressOf, type NoticesOfRelief } from './arrivals.ts';
import { markTold, setTelling, tellable, type TellableClaim } from './casework-store.ts';
import type { Workflow } from './workflow.ts';

export type ResultNotices = NoticesOfRelief & {
  announced(): Promise<{
    company: { ko: string; en: string } | null;
    phone: string | null;
    services: { id: string; name: { ko: string; en: string } }[];
  }>;
  submit(value: unknown, of: { plan: string; by: string }): Promise<string>;
  /** Sends what a template worded: nobody has to approve it. */
  sendPrefilled(id: string, numbers: AsyncIterable<string> | Iterable<string>, by: string): Promise<unknown>;
};

export type Results = {
  /** Sends one text message to whoever waits for the result of a decided claim of the run. */
  tellResults(of: { run: string; by: string }): Promise<{ notice: string | null; claims: number }>;
  /** Takes over what became of those messages: one that arrived tells its claims. Returns how many it told. */
  confirmTold(): Promise<number>;
};

const mostAtOnce = 20_000;
const looked = 500;

/** The telling of results. */
export function createResults(
  workflow: Workflow,
  options: { notices: ResultNotices; unseal: (claim: string, sealed: Buffer) => string },
): Results {
  const { notices } = options;
  const { db, clock, institution, proof, about, raise } = workflow;

  const documentOf = async (run: string): Promise<{ plan: string; document: Notice }> => {
    const revision = await planOfRun(db, institution, run);
    if (revision === null)
      throw new BreakwaterError('run.not-found', `the plan of run ${run} is not known here`, '/run');
    const { company, phone, services } = await notices.announced();
    if (company === null || phone === null)
      throw new BreakwaterError(
        'relief.no-notice',
        'nothing was announced yet, so the company and its number are not known: publish a notice of the work first',
        '/run',
      );
    const draft = draftNotice(revision.document as AnnouncedWork, {
      company: { name: company, phone },
      sender: phone,
      serviceNames: Object.fromEntries(services.map(({ id, name }) => [id, name])),
    });
    return { plan: revision.plan, document: resultNotice(draft, clock.now().getTime()) };
  };

  const namedBy = (): 'token' | 'phone' => (notices.customersAreNamedBy() === 'token' ? 'token' : 'phone');
  const addressIn = (claim: TellableClaim): string => {
    const address = addressOf(options, claim);
    if (address === null) throw new Error('a claim whose result can be told has an address');
    return address;
  };

  const tellArrived = async (claims: readonly TellableClaim[]): Promise<number> =>
    inTransaction(db, async (tx) => {
      const at = clock.now();
      const told = await markTold(
        tx,
        institution,
        claims.map(({ claim }) => claim),
        at,
      );
      const by = new Map(claims.map(({ claim, telling }) => [claim, telling ?? '']));
      await append(
        tx,
        told.map(({ id, run }) =>
          proof(claimTold.type, about(id, run), null, at, {
            claim: id,
            channel: 'sms',
            reference: by.get(id) ?? '',
            by: 'relief',
            at: at.toISOString(),
          }),
        ),
      );
      return told.length;
    });

  return {
    async tellResults({ run, by }) {
      const waiting = await tellable(db, institution, { run, sent: false, by: namedBy(), limit: mostAtOnce });
      if (waiting.length === 0) return { notice: null, claims: 0 };
      const { plan, document } = await documentOf(run);
      const notice = await notices.submit(document, { plan, by });
      // Claims are bound to the notice first: after a crash in between, the same notice is sent again, to each once.
      await inTransaction(db, async (tx) => {
        const at = clock.now();
        await setTelling(
          tx,
          institution,
          waiting.map(({ claim }) => claim),
          notice,
        );
        const opened = namedBy() === 'phone' ? waiting : [];
        await append(
          tx,
          opened.map(({ claim }) =>
            proof(contactRead.type, about(claim, run), by, at, {
              claim,
              count: 1,
              by,
              reason: `result notice ${notice}`,
              at: at.toISOString(),
            }),
          ),
        );
      });
      try {
        await notices.sendPrefilled(notice, waiting.map(addressIn), by);
      } catch (error) {
        await inTransaction(db, async (tx) =>
          setTelling(
            tx,
            institution,
            waiting.map(({ claim }) => claim),
            null,
          ),
        );
        throw error;
      }
      return { notice, claims: waiting.length };
    },

    async confirmTold() {
      const sent = await tellable(db, institution, { run: null, sent: true, by: namedBy(), limit: looked });
      const states = await Promise.all(
        sent.map(async (claim) => notices.toldNumber(claim.telling ?? '', addressIn(claim))),
      );
      const arrived = sent.filter((_, i) => states[i]?.state === 'delivered');
      const lost = sent.filter((_, i) =>
        ['failed', 'refused', 'invalid', 'suppressed'].includes(states[i]?.state ?? ''),
      );
      for (const { claim, run, telling } of lost)
        await inTransaction(db, async (tx) => {
          await setTelling(tx, institution, [claim], null);
          const key = `told/${claim}/${telling}`;
          await raise(tx, { key, kind: 'result-not-delivered', run, subject: claim, detail: { notice: telling } });
        });
      return arrived.length === 0 ? 0 : tellArrived(arrived);
    },
  };
}

/** The result notice: it names no claim and no amount, so that a message that goes astray tells nothing. */
function resultNotice(draft: Notice, now: number): Notice {
  const { company } = draft;
  const name = company?.name?.ko ?? '';
  const day = spellDate(now);
  const minute = new Date(now + 9 * 3_600_000).toISOString().slice(11, 16);
  return {
    ...draft,
    kind: 'result',
    title: { ko: '피해 신고 처리 결과 안내', en: 'Result of your report' },
    texts: {
      website: {
        ko: `${day.ko} ${minute}까지 심사한 피해 신고의 결과가 나왔습니다. 접수번호와 조회번호로 처리 상태를 확인하실 수 있습니다.`,
        en: `The results of reports examined until ${day.en} ${minute} are ready. Look yours up with its number and code.`,
      },
      sms: [
        `[${name}] 피해 신고 처리 결과 안내`,
        `접수하신 피해 신고의 심사 결과가 나왔습니다. (${day.ko} ${minute} 기준)`,
        '확인: 홈페이지의 피해 신고, 처리 상태 조회에서 접수번호와 조회번호로 확인하실 수 있습니다.',
        '결과에 동의하지 않으시면 같은 곳에서 이의를 신청하실 수 있습니다.',
        `문의: ${spellPhone(company?.phone ?? '')}`,
      ].join('\n'),
    },
  };
}
