/** Act 5, the customers' side: claims by the public form of the site, and those that a branch took by hand. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readCustomers } from '@breakwater/sample-bank';
import { answered, type Run } from './ask.ts';
import type { People } from './people.ts';
import { runProgram } from './program.ts';
import type { World } from './world.ts';

/** A failed transaction as the bank's back office lists it. */
export type FailedTransaction = {
  id: string;
  at: string;
  subject: string;
  service: string;
  krw: number;
  feeKrw: number;
  reason: string;
};

/** A claim that arrived, with what was found out about it. */
export type ArrivedClaim = { readonly claim: string; readonly link: Link };
type Link = NonNullable<Awaited<ReturnType<typeof caseOf>>['link']>;

/** Losses that no log shows, won: a fee paid elsewhere, and a trade that came too late, which one person may not decide alone. */
export const losses = { fee: 12_000, trade: 1_500_000 };

/**
 * Three customers complain: one about a transaction that a claim was opened for already, one about an order that nobody
 * recorded, one at a branch. Returns what arrived and was linked; empty when the run disrupted nothing.
 */
export async function complain(
  world: World,
  people: People,
  { run, disruptions }: Run,
  failed: readonly FailedTransaction[],
): Promise<{ merged: ArrivedClaim | null; unrecorded: ArrivedClaim; branch: ArrivedClaim } | null> {
  const [disruption] = disruptions;
  if (disruption === undefined) return null;
  const { service, start } = disruption;
  const customers = readCustomers(world.live.dir);
  const own = failed.find((one) => one.service === service);
  const owner = customers.find(({ pseudonym }) => pseudonym === own?.subject);
  const [, other, third] = customers.filter(({ pseudonym }) => pseudonym !== own?.subject);
  if (other === undefined || third === undefined) throw new Error('the bank has too few customers');
  const file = { service, at: start };
  const [merged, unrecorded] = await Promise.all([
    own === undefined || owner === undefined
      ? null
      : fileForm(world, { ...file, at: own.at, phone: owner.phone, reference: own.id, amount: own.feeKrw }),
    fileForm(world, { ...file, phone: other.phone, reference: '', amount: losses.fee }),
    fileAtBranch(world, people, { ...file, subject: third.pseudonym, amount: losses.trade }),
  ]);
  const linked = async (claim: string): Promise<ArrivedClaim> => ({ claim, link: await linkOf(world, claim) });
  return {
    merged: merged === null ? null : await linked(merged),
    unrecorded: await linked(unrecorded),
    branch: await linked(await arrived(world, run, [unrecorded, merged])),
  };
}

/** The form takes nothing that was filled in faster than this. */
const fillMs = 2100;

/** Fills in the public form as a customer's browser sends it. Returns the number of the claim. */
async function fileForm(
  { site }: World,
  form: { service: string; at: string; phone: string; reference: string; amount: number },
): Promise<string> {
  const url = `${site}/ko/claim/?service=${encodeURIComponent(form.service)}`;
  const token = /name="token" value="([^"]+)"/.exec(await (await fetch(url)).text())?.[1];
  if (token === undefined) throw new Error('the claim form cannot be read');
  await sleep(fillMs);
  const korean = new Date(Date.parse(form.at) + 9 * 3_600_000).toISOString();
  const answer = await fetch(`${site}/ko/claim/`, {
    method: 'POST',
    body: new URLSearchParams({
      token,
      service: form.service,
      date: korean.slice(0, 10),
      time: korean.slice(11, 16),
      basis: 'fee',
      amount: String(form.amount),
      reference: form.reference,
      alternative: 'not-tried',
      phone: form.phone,
    }),
  });
  const claim = /<b>(c-[0-9a-f-]+)<\/b>/.exec(await answer.text())?.[1];
  if (claim === undefined) throw new Error(`the claim form answered ${answer.status} without a number`);
  return claim;
}

/** A branch's list, as a spreadsheet saves it, taken by the command line. */
async function fileAtBranch(
  { dir, config }: World,
  { consumerOfficer }: People,
  { subject, service, at, amount }: { subject: string; service: string; at: string; amount: number },
): Promise<void> {
  const file = join(dir, 'branch.csv');
  const digest = createHash('sha256').update(`${subject} ${at}`).digest('hex').slice(0, 8);
  writeFileSync(
    file,
    `\uFEFFsubject,service,occurredAt,reference,amount\r\n${subject},${service},${at},B-${digest},${amount}\r\n`,
    { mode: 0o600 },
  );
  await runProgram(['claim', 'file', file, '--by', consumerOfficer.id], { BREAKWATER_CONFIG: config });
}

const linkedWithinMs = 20_000;

const caseOf = ({ client }: World, id: string) =>
  answered(client.GET('/claims/{id}/case', { params: { path: { id } } }));

/** The claim of the run that was filed and is none of `known`, once it arrived. */
const arrived = (world: World, run: string, known: readonly (string | null)[]): Promise<string> =>
  awaited('the claim that a branch took arrived', async () => {
    const query = { source: 'filed', limit: 1000, run } as const;
    const { claims } = await answered(world.client.GET('/claims', { params: { query } }));
    return claims.find(({ id }) => !known.includes(id))?.id ?? null;
  });

/** What a claim was linked to, once it was. */
const linkOf = (world: World, claim: string): Promise<Link> =>
  awaited(`${claim} was linked`, async () => (await caseOf(world, claim)).link);

async function awaited<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  const until = performance.now() + linkedWithinMs;
  for (;;) {
    const seen = await look();
    if (seen !== null) return seen;
    if (performance.now() > until) throw new Error(`${what}: not within ${linkedWithinMs / 1000} s`);
    await sleep(150);
  }
}
