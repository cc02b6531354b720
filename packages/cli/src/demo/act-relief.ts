/** Act 5: what customers lost is made good, of those whom nobody heard of too: claims, decisions, payment, results, ledgers. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { complain, losses, type ArrivedClaim, type FailedTransaction } from './act-claims.ts';
import { answered, type Run } from './ask.ts';
import { claimDecisionOf, type People } from './people.ts';
import { amount, secondsUsed, type Teller, type Words } from './tell.ts';
import { institution, type World } from './world.ts';

/** Cost of the work that no claim tells: the night shift, as the consumer officer attests it. */
const companyCost = { low: 1_200_000, high: 1_800_000 };

export type Claims = {
  readonly opened: number;
  readonly filed: number;
  readonly accepted: number;
  readonly paid: number;
  readonly paidAmount: number;
  /** Customers whose result arrived by text message. */ readonly told: number;
};

/** Opens, takes in, decides, pays and tells; then fills the ledgers. */
export async function makeGood(world: World, people: People, played: Run, teller: Teller): Promise<Claims> {
  const { client } = world;
  const { run } = played;
  const by = people.consumerOfficer.id;
  const params = { path: { run } };
  const transactions = await failedTransactions(world);
  const { opened } = await answered(client.POST('/claims/import', { body: { run, by, complete: true, transactions } }));
  teller.say({
    ko: `실패한 거래 ${amount(transactions.length)}건을 선제적 청구 ${amount(opened)}건으로 접수하였습니다.`,
    en: `${amount(transactions.length)} failed transactions became ${amount(opened)} proactive claims`,
  });
  const arrived = await complain(world, people, played, transactions);
  // An order that failed never left the account, so what is owed is its fee.
  await answered(client.POST('/relief/runs/{run}/acceptance', { params, body: { by } }));
  if (arrived !== null) {
    tellArrived(arrived.unrecorded, arrived.merged, teller);
    await decide(world, people, arrived.unrecorded.claim, losses.fee, 'fee-refund');
    await decide(world, people, arrived.branch.claim, losses.trade, 'price-difference');
    teller.say({
      ko: `${amount(losses.trade)}원은 ${people.ciso.id}가 함께 서명하여 결정하였습니다.`,
      en: `KRW ${amount(losses.trade)} was decided by two: ${by}, and ${people.ciso.id} by signature`,
    });
  }
  await pay(world, people, run, teller);
  const told = await tellResults(world, people, run, arrived, teller);
  await answered(
    client.POST('/relief/runs/{run}/damage', {
      params,
      body: { by, parts: { company: companyCost, thirdParty: { low: 0, high: 0 } } },
    }),
  );
  const none = { low: 0, high: 0 };
  await answered(
    client.POST('/relief/runs/{run}/leaks', {
      params,
      body: { attestedBy: people.ciso.id, leaks: { personalCredit: none, other: none, unclassified: none } },
    }),
  );
  const { figures } = await answered(client.GET('/relief/runs/{run}', { params }));
  teller.say({
    ko: `인정 ${amount(figures.accepted)}건, 지급 ${amount(figures.paid)}건, ${amount(figures.paidAmount)}원`,
    en: `${amount(figures.accepted)} accepted, ${amount(figures.paid)} paid, KRW ${amount(figures.paidAmount)}`,
  });
  const { accepted, paid, paidAmount, count } = figures;
  return { opened, filed: count - opened, accepted, paid, paidAmount, told };
}

const toldWords: Readonly<Record<string, Words>> = {
  delivered: { ko: '도달', en: 'delivered' },
  failed: { ko: '도달하지 못함', en: 'not delivered' },
  'on-its-way': { ko: '전송 중', en: 'on its way' },
  'not-sent': { ko: '발송 대상 아님', en: 'not among those it was sent to' },
};

/** What was found out about a claim before anybody decides it. */
function tellArrived({ link }: ArrivedClaim, merged: ArrivedClaim | null, teller: Teller): void {
  const { disruption, notices } = link;
  const text = notices.find(({ channel }) => channel === 'sms');
  const told = toldWords[text?.told ?? 'not-sent'] ?? { ko: '미확인', en: 'not known' };
  const service = disruption?.service ?? '-';
  const end = disruption?.end ?? null;
  const down = disruption === null || end === null ? '-' : secondsUsed(Date.parse(end) - Date.parse(disruption.start));
  teller.say({
    ko: `피해 신고: ${service} 중단(${down}초)에 해당, 신고인에게 보낸 사전 안내 문자: ${told.ko}`,
    en: `claim by the public form: within the disruption of ${service} (${down} s); the advance notice to this customer: ${told.en}`,
  });
  if (merged === null) return;
  teller.say({
    ko: '이미 선제적으로 접수된 거래의 신고는 같은 청구로 합쳤습니다.',
    en: 'a claim about a transaction that had one already became part of it',
  });
}

/** Accepts a claim; above the limit of the policy the CISO signs what the consumer officer decided. */
async function decide(
  { client }: World,
  { ciso, consumerOfficer }: People,
  claim: string,
  won: number,
  code: 'fee-refund' | 'price-difference',
): Promise<void> {
  const decision = { decision: 'accepted' as const, amount: won };
  const { state } = await answered(
    client.POST('/claims/{id}/decision', {
      params: { path: { id: claim } },
      body: { ...decision, by: consumerOfficer.id, code, reason: null },
    }),
  );
  if (state === 'decided') return;
  const signed = claimDecisionOf(ciso, { institution, claim, ...decision }, new Date());
  await answered(client.POST('/claims/second-decisions', { body: signed }));
}

/** Makes the file for the payment system, and records the payment under its digest. */
async function pay({ client }: World, { consumerOfficer }: People, run: string, teller: Teller): Promise<void> {
  const by = consumerOfficer.id;
  const answer = await client.POST('/relief/payment-files', { body: { run, by }, parseAs: 'text' });
  const file = answer.data ?? '';
  const payments = file.trim().split('\r\n').length - 1;
  const digest = createHash('sha256').update(file).digest('hex').slice(0, 12);
  const { paid, amount: won } = await answered(
    client.POST('/relief/runs/{run}/payments', { params: { path: { run } }, body: { by, payment: `file-${digest}` } }),
  );
  teller.say({
    ko: `지급 파일 ${amount(payments)}건(CSV), 지급 ${amount(paid)}건 ${amount(won)}원`,
    en: `payment file of ${amount(payments)} lines (CSV); ${amount(paid)} paid, KRW ${amount(won)}`,
  });
}

const toldWithinMs = 30_000;

/** Tells those who left a number that their result is ready, and waits until the messages arrived. */
async function tellResults(
  { client }: World,
  { consumerOfficer }: People,
  run: string,
  arrived: { merged: ArrivedClaim | null; unrecorded: ArrivedClaim } | null,
  teller: Teller,
): Promise<number> {
  if (arrived === null) return 0;
  const { claims } = await answered(
    client.POST('/relief/runs/{run}/results', { params: { path: { run } }, body: { by: consumerOfficer.id } }),
  );
  const waiting = [arrived.unrecorded, ...(arrived.merged === null ? [] : [arrived.merged])];
  const until = performance.now() + toldWithinMs;
  for (;;) {
    const standing = await Promise.all(
      waiting.map(({ claim }) => answered(client.GET('/claims/{id}', { params: { path: { id: claim } } }))),
    );
    const told = standing.filter(({ toldAt }) => toldAt !== null).length;
    if (told === waiting.length || performance.now() > until) {
      teller.say({
        ko: `처리 결과 문자 ${amount(claims)}건 발송, 도달 ${amount(told)}건`,
        en: `${amount(claims)} results sent by text message, ${amount(told)} arrived`,
      });
      return told;
    }
    await sleep(200);
  }
}

/** All pages of the bank's back office. */
async function failedTransactions({ live }: World): Promise<FailedTransaction[]> {
  const all: FailedTransaction[] = [];
  for (let next: number | null = 0; next !== null;) {
    const answer = await fetch(`${live.urls.channel}/failed-transactions?after=${next}`, {
      headers: { authorization: `Bearer ${live.officeToken}` },
    });
    const page = (await answer.json()) as { transactions: FailedTransaction[]; next: number | null };
    all.push(...page.transactions);
    next = page.next;
  }
  return all;
}
