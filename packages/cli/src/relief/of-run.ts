/** `relief`: what is prepared before a work, and the ledgers and claims of a whole run. */
import type { Command } from 'commander';
import { printJson, printText, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';
import { defineLedgers } from './ledgers.ts';
import { parseQuantity, spellQuantity, type Quantity } from './range.ts';

const byWhom = ['--by <person>', 'who records it: a pseudonym such as p-07'] as const;

/** Adds `relief` to the program. */
export function defineRelief(program: Command): void {
  const relief = program
    .command('relief')
    .description('Relief of a work: prepare it, accept and pay its claims at once, keep its damage and leak ledgers.');
  definePrepare(relief);
  defineShow(relief);
  defineAccept(relief);
  definePayAll(relief);
  defineDamage(relief);
  defineLeaks(relief);
  defineLedgers(relief);
}

function definePrepare(relief: Command): void {
  const command = withJson(
    relief
      .command('prepare')
      .description('Say, before a work, until when and where claims are taken.')
      .argument('<plan>', 'id of the plan')
      .requiredOption('--claims-until <time>', 'last instant at which claims are taken (RFC 3339)')
      .requiredOption('--contact <text>', 'where consumers claim, such as a telephone number of the company')
      .requiredOption(...byWhom)
      .action(prepare),
  );
  withExamples(command, [
    [
      './breakwater relief prepare transfer-openssl-2026-11 --claims-until 2026-12-29T18:00:00+09:00 --contact 15881234 --by p-07',
      'before the start: it is evidence that relief was prepared',
    ],
  ]);
}

type Prepared = { claimsUntil: string; contact: string; by: string; json?: boolean };

async function prepare(plan: string, { claimsUntil, contact, by, json }: Prepared): Promise<void> {
  const { data } = await localServer().POST('/relief/preparations', { body: { plan, claimsUntil, contact, by } });
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) return printJson(data);
  printText(`${plan}  피해구제 준비 기록 · relief prepared  ${data.preparedAt} → ${data.claimsUntil}`);
}

function defineShow(relief: Command): void {
  const command = withJson(
    relief
      .command('show')
      .description('The claims of a run summed, and its damage ledger.')
      .argument('<run>', 'id of the run')
      .action(show),
  );
  withExamples(command, [['./breakwater relief show 0190c0de-…', 'what is open, owed and paid']]);
}

async function show(run: string, { json }: { json?: boolean }): Promise<void> {
  const { data } = await localServer().GET('/relief/runs/{run}', { params: { path: { run } } });
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) return printJson(data);
  const { count, open, accepted, refused, paid, openLow, openHigh, acceptedAmount, paidAmount, unpaidAmount } =
    data.figures;
  printText(
    [
      `청구 ${count}건 · claims ${count}: 심사 중 open ${open}, 인정 accepted ${accepted}, 기각 refused ${refused}, 지급 완료 paid ${paid}`,
      `심사 중 금액 · open: ${spellQuantity({ low: openLow, high: openHigh }, '원')}`,
      `인정 · accepted ${won(acceptedAmount)}, 지급 · paid ${won(paidAmount)}, 미지급 · unpaid ${won(unpaidAmount)}`,
      ...ledgerLines(data.damage),
    ].join('\n'),
  );
}

const won = (amount: number): string => `${amount.toLocaleString('en-US')}원`;

const partNames: Readonly<Record<string, string>> = {
  customer: '고객 · customers',
  company: '회사 · company',
  thirdParty: '제3자 · third parties',
  goodwill: '호의 지급 · goodwill',
  recourse: '구상 · recourse',
};

function ledgerLines(damage: Readonly<Record<string, Quantity>>): string[] {
  return Object.entries(damage).map(([part, amount]) => `${partNames[part] ?? part}: ${spellQuantity(amount, '원')}`);
}

function defineAccept(relief: Command): void {
  const command = withJson(
    relief
      .command('accept')
      .description('Accept every open proactive claim of a run for its fee; one without a fee is left to a person.')
      .argument('<run>', 'id of the run')
      .requiredOption('--by <person>', 'who decides: a pseudonym such as p-07')
      .action(accept),
  );
  withExamples(command, [['./breakwater relief accept 0190c0de-… --by p-07', 'then decide what is left: claim list']]);
}

async function accept(run: string, { by, json }: { by: string; json?: boolean }): Promise<void> {
  const { data } = await localServer().POST('/relief/runs/{run}/acceptance', {
    params: { path: { run } },
    body: { by },
  });
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) return printJson(data);
  printText(`인정 ${data.accepted}건 · accepted ${data.accepted}: ${won(data.amount)}`);
}

function definePayAll(relief: Command): void {
  const command = withJson(
    relief
      .command('pay')
      .description('Record that every accepted claim of a run was paid in full. It moves no money.')
      .argument('<run>', 'id of the run')
      .requiredOption('--payment <reference>', "the payment's reference in your books")
      .requiredOption(...byWhom)
      .action(payAll),
  );
  withExamples(command, [
    ['./breakwater relief pay 0190c0de-… --payment BATCH-20261130-3 --by p-07', 'claims paid before are passed over'],
  ]);
}

async function payAll(
  run: string,
  { payment, by, json }: { payment: string; by: string; json?: boolean },
): Promise<void> {
  const { data } = await localServer().POST('/relief/runs/{run}/payments', {
    params: { path: { run } },
    body: { payment, by },
  });
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) return printJson(data);
  printText(`지급 기록 ${data.paid}건 · payment recorded ${data.paid}: ${won(data.amount)}`);
}

const amounts = 'won: 12500, 1000000..3000000, 1000000.. or unknown';

function defineDamage(relief: Command): void {
  const command = withJson(
    relief
      .command('damage')
      .description('Attest parts of the damage that no claim tells. A part that is left out stays as it is.')
      .argument('<run>', 'id of the run')
      .option('--company <amount>', amounts)
      .option('--third-party <amount>', amounts)
      .option('--goodwill <amount>', amounts)
      .option('--recourse <amount>', amounts)
      .requiredOption('--by <person>', 'who attests it: a pseudonym such as p-07')
      .action(damage),
  );
  withExamples(command, [
    [
      './breakwater relief damage 0190c0de-… --company 1200000..3000000 --third-party 0 --by p-07',
      'the ledger as it is then',
    ],
  ]);
}

type Damage = {
  company?: string;
  thirdParty?: string;
  goodwill?: string;
  recourse?: string;
  by: string;
  json?: boolean;
};

async function damage(run: string, { company, thirdParty, goodwill, recourse, by, json }: Damage): Promise<void> {
  const parts = {
    ...(company === undefined ? {} : { company: parseQuantity(company, '--company') }),
    ...(thirdParty === undefined ? {} : { thirdParty: parseQuantity(thirdParty, '--third-party') }),
    ...(goodwill === undefined ? {} : { goodwill: parseQuantity(goodwill, '--goodwill') }),
    ...(recourse === undefined ? {} : { recourse: parseQuantity(recourse, '--recourse') }),
  };
  const { data } = await localServer().POST('/relief/runs/{run}/damage', {
    params: { path: { run } },
    body: { parts, by },
  });
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) return printJson(data);
  printText(ledgerLines(data).join('\n'));
}

const counts = 'records: 0, 120, 100..300, 100.. or unknown';

function defineLeaks(relief: Command): void {
  const command = withJson(
    relief
      .command('leaks')
      .description('Record leaked records by class. A class that is left out is recorded as unknown, never as zero.')
      .argument('<run>', 'id of the run')
      .option('--personal-credit <count>', counts, 'unknown')
      .option('--other <count>', counts, 'unknown')
      .option('--unclassified <count>', counts, 'unknown')
      .option('--attested-by <person>', 'who attests it; left out: it was measured')
      .action(leaks),
  );
  withExamples(command, [
    [
      './breakwater relief leaks 0190c0de-… --personal-credit 0 --other 0 --unclassified 0 --attested-by p-17',
      'nothing leaked, and a person says so',
    ],
  ]);
}

type Leaks = { personalCredit: string; other: string; unclassified: string; attestedBy?: string; json?: boolean };

async function leaks(run: string, { personalCredit, other, unclassified, attestedBy, json }: Leaks): Promise<void> {
  const { data } = await localServer().POST('/relief/runs/{run}/leaks', {
    params: { path: { run } },
    body: {
      attestedBy: attestedBy ?? null,
      leaks: {
        personalCredit: parseQuantity(personalCredit, '--personal-credit'),
        other: parseQuantity(other, '--other'),
        unclassified: parseQuantity(unclassified, '--unclassified'),
      },
    },
  });
  if (json === true) return printJson(data);
  printText(`${run}  유출 기록 · leak ledger recorded`);
}
