/** Act 3: the notice, from its draft to its receipts, and the relief that is prepared. */
import { setTimeout as sleep } from 'node:timers/promises';
import { draftNotice } from '@breakwater/rules/notice';
import { requirePlan } from '@breakwater/rules/plan';
import { answered } from './ask.ts';
import { noticeDecisionOf, type People } from './people.ts';
import { amount, type Teller } from './tell.ts';
import type { World } from './world.ts';

export type Announced = {
  readonly website: { readonly at: string; readonly url: string };
  readonly sms: { readonly sent: number; readonly delivered: number | null };
};

const phone = '15881234';
const serviceNames = {
  transfer: { ko: '이체', en: 'Transfers' },
  cards: { ko: '카드 결제', en: 'Card payments' },
  statement: { ko: '거래내역 조회', en: 'Account statements' },
};
const reliefDays = 30;
/** Why text messages leave at night too: the demo may be played at any hour. */
export const wake = '시연';

/**
 * Drafts the notice from the plan, shows what it would take, has a second person sign it, announces it with one press to the
 * customers of its services, and waits until the SMS centre has reported on each message.
 */
export async function announce(world: World, people: People, document: unknown, teller: Teller): Promise<Announced> {
  const { client } = world;
  const plan = requirePlan(document);
  const by = people.consumerOfficer.id;
  const notice = draftNotice(
    { ...plan, kind: plan.kind },
    { company: { name: { ko: '한빛은행', en: 'Hanbit Bank' }, phone }, sender: phone, serviceNames },
  );
  const { notice: id } = await answered(client.POST('/notices', { body: { plan: plan.id, by, document: notice } }));
  const params = { path: { id } };
  const { recipients, message, price } = await answered(client.GET('/notices/{id}/estimate', { params }));
  teller.say({
    ko: `안내 예정: 최대 ${amount(recipients.atMost ?? 0)}건, ${message.type} ${message.bytes}바이트, 최대 ${amount(price ?? 0)}원`,
    en: `notice drafted: at most ${amount(recipients.atMost ?? 0)} messages, ${message.type} of ${message.bytes} bytes, KRW ${amount(price ?? 0)} at most`,
  });
  const standing = await answered(client.GET('/notices/{id}/approval', { params }));
  await answered(client.POST('/notices/decisions', { body: noticeDecisionOf(people.ciso, standing, new Date()) }));
  const { website } = await answered(client.POST('/notices/{id}/announce', { params, body: { by, wake } }));
  teller.say({
    ko: `${people.ciso.id}의 승인으로 홈페이지에 안내: ${website.url}`,
    en: `approved by ${people.ciso.id}, on the website: ${website.url}`,
  });
  const sending = await settled(world, id);
  teller.say({
    ko: `문자 안내(SMPP): 대상 ${amount(sending.intended)}명, 제출 ${amount(sending.submitted)}, 도달 ${amount(sending.delivered ?? 0)}, 실패 ${amount(sending.failed ?? 0)}`,
    en: `text messages by SMPP: ${amount(sending.intended)} intended, ${amount(sending.submitted)} submitted, ${amount(sending.delivered ?? 0)} delivered, ${amount(sending.failed ?? 0)} failed`,
  });
  const claimsUntil = new Date(Date.now() + reliefDays * 86_400_000).toISOString();
  await answered(client.POST('/relief/preparations', { body: { plan: plan.id, claimsUntil, contact: phone, by } }));
  teller.say({
    ko: `피해구제 준비: ${reliefDays}일간 접수`,
    en: `relief prepared: claims are taken for ${reliefDays} days`,
  });
  return {
    website: { at: website.at, url: website.url },
    sms: { sent: sending.submitted, delivered: sending.delivered },
  };
}

const settleWithinMs = 30_000;

/** The sending of a notice once all is known of it. */
export async function settled(world: World, id: string) {
  const until = performance.now() + settleWithinMs;
  for (;;) {
    const { sendings } = await answered(world.client.GET('/notices/{id}', { params: { path: { id } } }));
    const sending = sendings[0];
    if (sending !== undefined && sending.state === 'settled') return sending;
    if (performance.now() > until)
      throw new Error(`the text messages of ${id} were not settled in ${settleWithinMs / 1000} s`);
    await sleep(100);
  }
}
