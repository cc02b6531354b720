import { textField, wonField, type Routes } from '../http.ts';
import type { ServiceContext } from '../service.ts';
import { applyRight, applyWrong, openBook, selfTest } from './book.ts';

/**
 * Transfers between accounts. An order carries its deadline (`x-deadline`, epoch ms): a late one is refused, never
 * booked, so that an order which the customer saw fail did fail.
 */
export function transferRoutes({ dir, release }: ServiceContext): Routes {
  const apply = release.behaviour.kind === 'wrong-answers' ? applyWrong : applyRight;
  const book = openBook(dir, apply);
  return {
    'POST /transfer': ({ body, header }) => {
      const order = {
        id: textField(body, 'id'),
        from: textField(body, 'from'),
        to: textField(body, 'to'),
        krw: wonField(body, 'krw'),
      };
      if (Date.now() > Number(header('x-deadline') ?? Infinity)) return { status: 504, body: { error: 'too-late' } };
      if (book.balance(order.from) < order.krw) return { status: 409, body: { error: 'insufficient-funds' } };
      const credited = book.book({ ...order, at: new Date().toISOString() });
      return { status: 201, body: { id: order.id, credited } };
    },
    'GET /balance': ({ query }) => ({ status: 200, body: { balance: book.balance(query.get('account') ?? '') } }),
    'GET /transfer/selftest': () =>
      selfTest(apply)
        ? { status: 200, body: { ok: true, version: release.version } }
        : { status: 500, body: { ok: false, version: release.version, reason: 'the book does not balance' } },
  };
}
