import { randomUUID, timingSafeEqual } from 'node:crypto';
import { readCustomers } from '../customers.ts';
import { BadRequest, textField, wonField, type Asked, type Routes } from '../http.ts';
import type { ServiceContext } from '../service.ts';
import { openOrders, type Order } from './orders.ts';
import { probeCustomer, sessionCustomer } from './session.ts';

const orderMs = 2000;
const feeKrw = 500;
const pageSize = 1000;

/**
 * The channel customers order through. It keeps working while a service behind it does not, and so knows what failed:
 * `/failed-amount` is the damage meter, `/failed-transactions` (back office only) the list claims are opened from.
 */
export function channelRoutes({ dir, secret, officeToken, urls }: ServiceContext): Routes {
  const accounts = new Map(readCustomers(dir).map((customer) => [customer.pseudonym, customer.account]));
  const orders = openOrders(dir);
  return {
    'POST /orders': async ({ body, header }) => {
      const customer = sessionCustomer(header('authorization'), secret, Date.now());
      const from = customer === null ? undefined : accounts.get(customer);
      if (customer === null || customer === probeCustomer || from === undefined)
        return { status: 401, body: { error: 'no-session' } };
      const order = {
        id: randomUUID(),
        at: new Date().toISOString(),
        customer,
        service: 'transfer' as const,
        krw: wonField(body, 'krw'),
        feeKrw,
      };
      const ended = await transfer(urls.transfer, { id: order.id, from, to: textField(body, 'to'), krw: order.krw });
      orders.record({ ...order, ...ended });
      return { status: { done: 201, refused: 409, failed: 503 }[ended.outcome], body: { id: order.id, ...ended } };
    },
    'GET /failed-amount': ({ query }) => {
      const failed = orders.failed(instantOf(query, 'since', 0), Infinity);
      return { status: 200, body: { krw: failed.reduce((sum, order) => sum + order.krw, 0), count: failed.length } };
    },
    'GET /failed-transactions': ({ query, header }) => {
      if (!sameText(header('authorization'), `Bearer ${officeToken}`))
        return { status: 401, body: { error: 'back-office-only' } };
      const failed = orders.failed(instantOf(query, 'from', 0), instantOf(query, 'to', Infinity));
      const start = Number(query.get('after') ?? 0);
      if (!Number.isSafeInteger(start) || start < 0) throw new BadRequest('after-not-a-cursor');
      const page = failed.slice(start, start + pageSize);
      const transactions = page.map(({ id, at, customer, service, krw, feeKrw: fee, reason }) => ({
        id,
        at,
        subject: customer,
        service,
        krw,
        feeKrw: fee,
        reason,
      }));
      const next = start + page.length < failed.length ? start + page.length : null;
      return { status: 200, body: { transactions, next } };
    },
    'GET /health': () => ({ status: 200, body: { ok: true } }),
  };
}

async function transfer(
  url: string,
  order: { id: string; from: string; to: string; krw: number },
): Promise<Pick<Order, 'outcome' | 'reason'>> {
  const failed = (reason: string): Pick<Order, 'outcome' | 'reason'> => ({ outcome: 'failed', reason });
  try {
    const answer = await fetch(`${url}/transfer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-deadline': String(Date.now() + orderMs) },
      body: JSON.stringify(order),
      signal: AbortSignal.timeout(orderMs),
    });
    if (answer.status === 409) return { outcome: 'refused', reason: null };
    const state = answer.headers.get('x-bank-state');
    if (state !== null) return failed(state);
    if (answer.status !== 201) return failed(`http-${answer.status}`);
    const { credited } = (await answer.json()) as { credited: number };
    return credited === order.krw ? { outcome: 'done', reason: null } : failed('wrong-answer');
  } catch (error) {
    return failed(error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'unreachable');
  }
}

function instantOf(query: Asked['query'], name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) throw new BadRequest(`${name}-not-an-instant`);
  return instant;
}

function sameText(given: string | undefined, expected: string): boolean {
  const a = Buffer.from(given ?? '');
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
