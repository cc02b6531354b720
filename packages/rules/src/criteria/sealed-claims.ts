/** The claims of a run as records tell them: opened or assigned, amended, decided, opened again, paid. */
import { type EvidenceRecord, recordsOf } from '#evidence/record';
import { claimAmended, claimAssigned, claimDecided, claimOpened, claimPaid, claimReopened } from '#relief/record';
import { type Range, rangeOf } from './range.ts';

export interface SealedClaim {
  readonly claim: string;
  readonly source: 'proactive' | 'filed';
  /** When the company first knew of it. */
  readonly at: string;
  readonly state: 'open' | 'accepted' | 'refused';
  /** Open: what it may come to. Accepted: what is owed and not paid. */
  readonly outstanding: Range;
  readonly isPaid: boolean;
  readonly paidAt: string | null;
}

/** Every claim of the run in the order they were opened. */
export function claimsOf(records: readonly EvidenceRecord[], run: string): SealedClaim[] {
  const begun = new Map(
    [...recordsOf(records, claimOpened), ...recordsOf(records, claimAssigned)].flatMap(({ payload }) =>
      payload.run === run ? [[payload.claim, payload] as const] : [],
    ),
  );
  if (begun.size === 0) return [];
  const amended = new Map(recordsOf(records, claimAmended).map(({ payload }) => [payload.claim, payload]));
  const decided = byClaim(recordsOf(records, claimDecided));
  const reopened = byClaim(recordsOf(records, claimReopened));
  const payments = byClaim(recordsOf(records, claimPaid));
  return [...begun.values()].map(({ claim, source, at, amount }): SealedClaim => {
    const [decision, again] = [decided.get(claim)?.at(-1), reopened.get(claim)?.at(-1)];
    const paid = payments.get(claim) ?? [];
    // Opening again follows a decision, and another decision follows it: whichever there is more of came last.
    const isOpen = (reopened.get(claim)?.length ?? 0) >= (decided.get(claim)?.length ?? 0);
    const common = { claim, source, at, paidAt: paid.at(-1)?.at ?? null };
    if (isOpen || decision === undefined) {
      const asked = again?.amount ?? amended.get(claim)?.amount ?? amount;
      return { ...common, state: 'open', outstanding: rangeOf(asked), isPaid: false };
    }
    const total = paid.reduce((sum, payment) => sum + payment.amount, 0);
    const isPaid = decision.decision === 'accepted' && total >= decision.amount;
    return { ...common, state: decision.decision, outstanding: rangeOf(decision.amount), isPaid };
  });
}

function byClaim<T extends { readonly claim: string }>(records: readonly { payload: T }[]): Map<string, T[]> {
  return Map.groupBy(
    records.map(({ payload }) => payload),
    ({ claim }) => claim,
  );
}
