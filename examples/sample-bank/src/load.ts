/** Customers at work: log-ins, transfers and card payments against the running bank at a given rate. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { passwordOf, readCustomers, type Customer } from './customers.ts';
import type { ServiceName } from './catalog.ts';
import { seededRandom } from './seed.ts';

export type LoadOptions = {
  /** The bank's folder, for its customer directory. */
  dir: string;
  urls: Record<ServiceName, string>;
  /** How many of the bank's customers are at work. */
  customers: number;
  /** Orders per second, all customers together. */
  rate: number;
  seed?: number;
};

/** `unrecorded`: orders that did not even reach the channel, so that only the customers know of them. */
export type LoadFigures = {
  orders: number;
  done: number;
  failed: number;
  failedKrw: number;
  unrecorded: number;
  payments: number;
  paymentsFailed: number;
};

export type Load = { figures: () => LoadFigures; stop: () => Promise<LoadFigures> };

const waitMs = 4000;
const paymentShare = 0.2;

/** Starts the load; it goes on until stopped. The sequence of orders is the same for the same seed. */
export function startLoad(options: LoadOptions): Load {
  const random = seededRandom(options.seed ?? 1);
  const people = readCustomers(options.dir).slice(0, options.customers);
  if (people.length < 2) throw new Error('the load needs at least two customers');
  const { session: secret } = JSON.parse(readFileSync(join(options.dir, 'secrets.json'), 'utf8')) as {
    session: string;
  };
  const sessions = new Map<string, string>();
  const figures: LoadFigures = {
    orders: 0,
    done: 0,
    failed: 0,
    failedKrw: 0,
    unrecorded: 0,
    payments: 0,
    paymentsFailed: 0,
  };
  const running = new Set<Promise<void>>();
  const ending = new AbortController();

  const post = (url: string, body: unknown, session?: string): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(session === undefined ? {} : { authorization: `Bearer ${session}` }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(waitMs),
    });

  const sessionOf = async ({ pseudonym }: Customer): Promise<string> => {
    const open = sessions.get(pseudonym);
    if (open !== undefined) return open;
    const answer = await post(`${options.urls.login}/login`, {
      customer: pseudonym,
      password: passwordOf(pseudonym, secret),
    });
    const { session } = (await answer.json()) as { session: string };
    sessions.set(pseudonym, session);
    return session;
  };

  const order = async (from: Customer, to: Customer, krw: number): Promise<void> => {
    figures.orders += 1;
    try {
      const answer = await post(`${options.urls.channel}/orders`, { to: to.account, krw }, await sessionOf(from));
      await answer.body?.cancel();
      if (answer.status === 401) sessions.delete(from.pseudonym);
      if (answer.ok) figures.done += 1;
      else {
        figures.failed += 1;
        figures.failedKrw += krw;
      }
    } catch {
      figures.unrecorded += 1;
    }
  };

  const pay = async (customer: Customer, krw: number): Promise<void> => {
    figures.payments += 1;
    const answer = await post(`${options.urls.cards}/cards/payment`, { account: customer.account, krw }).catch(
      () => null,
    );
    await answer?.body?.cancel();
    if (answer?.status !== 201) figures.paymentsFailed += 1;
  };

  const pick = (): Customer => people[Math.floor(random() * people.length)] as Customer;

  const work = async (): Promise<void> => {
    let due = performance.now();
    while (!ending.signal.aborted) {
      due += (-Math.log(1 - random()) * 1000) / options.rate;
      const from = pick();
      const to = pick();
      const krw = (1 + Math.floor(random() * 9)) * 10_000;
      const act = random() < paymentShare ? pay(from, krw) : order(from, to, krw);
      running.add(act);
      void act.finally(() => running.delete(act));
      await sleep(Math.max(0, due - performance.now()), undefined, { signal: ending.signal }).catch(() => undefined);
    }
  };
  const worked = work();

  return {
    figures: () => ({ ...figures }),
    async stop() {
      ending.abort();
      await worked;
      await Promise.allSettled(running);
      return { ...figures };
    },
  };
}
