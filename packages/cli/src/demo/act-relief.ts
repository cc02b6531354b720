/** Act 5: every failed transaction of the disruption becomes a claim, without anybody asking; decided and paid. */
import { answered, type Run } from './ask.ts';
import type { People } from './people.ts';
import { amount, type Teller } from './tell.ts';
import type { World } from './world.ts';

type Failed = { id: string; at: string; subject: string; service: string; krw: number; feeKrw: number; reason: string };

/** Cost of the work that no claim tells: the night shift, as the consumer officer attests it. */
const companyCost = { low: 1_200_000, high: 1_800_000 };

export type Claims = {
  readonly opened: number;
  readonly accepted: number;
  readonly paid: number;
  readonly paidAmount: number;
};

export async function makeGood(world: World, people: People, { run }: Run, teller: Teller): Promise<Claims> {
  const { client } = world;
  const by = people.consumerOfficer.id;
  const transactions = await failedTransactions(world);
  const { opened } = await answered(client.POST('/claims/import', { body: { run, by, complete: true, transactions } }));
  teller.say({
    ko: `실패한 거래 ${amount(transactions.length)}건을 선제적 청구 ${amount(opened)}건으로 접수하였습니다.`,
    en: `${amount(transactions.length)} failed transactions became ${amount(opened)} proactive claims`,
  });
  // An order that failed never left the account, so what is owed is its fee.
  await answered(client.POST('/relief/runs/{run}/acceptance', { params: { path: { run } }, body: { by } }));
  await answered(
    client.POST('/relief/runs/{run}/payments', { params: { path: { run } }, body: { by, payment: `demo-${run}` } }),
  );
  await answered(
    client.POST('/relief/runs/{run}/damage', {
      params: { path: { run } },
      body: { by, parts: { company: companyCost, thirdParty: { low: 0, high: 0 } } },
    }),
  );
  const none = { low: 0, high: 0 };
  await answered(
    client.POST('/relief/runs/{run}/leaks', {
      params: { path: { run } },
      body: { attestedBy: people.ciso.id, leaks: { personalCredit: none, other: none, unclassified: none } },
    }),
  );
  const { figures } = await answered(client.GET('/relief/runs/{run}', { params: { path: { run } } }));
  teller.say({
    ko: `인정 ${amount(figures.accepted)}건, 지급 ${amount(figures.paid)}건, ${amount(figures.paidAmount)}원`,
    en: `${amount(figures.accepted)} accepted, ${amount(figures.paid)} paid, KRW ${amount(figures.paidAmount)}`,
  });
  return { opened, accepted: figures.accepted, paid: figures.paid, paidAmount: figures.paidAmount };
}

/** All pages of the bank's back office. */
async function failedTransactions({ live }: World): Promise<Failed[]> {
  const all: Failed[] = [];
  for (let next: number | null = 0; next !== null;) {
    const answer = await fetch(`${live.urls.channel}/failed-transactions?after=${next}`, {
      headers: { authorization: `Bearer ${live.officeToken}` },
    });
    const page = (await answer.json()) as { transactions: Failed[]; next: number | null };
    all.push(...page.transactions);
    next = page.next;
  }
  return all;
}
