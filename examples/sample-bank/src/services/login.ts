import { passwordOf, readCustomers } from '../customers.ts';
import { textField, type Routes } from '../http.ts';
import type { ServiceContext } from '../service.ts';
import { openSession, probeCustomer, sessionCustomer } from './session.ts';

/** Log-in: customers by pseudonym and password; `probe` needs no password and may call self-tests only. */
export function loginRoutes({ dir, secret }: ServiceContext): Routes {
  const known = new Set(readCustomers(dir).map((customer) => customer.pseudonym));
  return {
    'POST /login': ({ body }) => {
      const customer = textField(body, 'customer');
      const allowed =
        customer === probeCustomer ||
        (known.has(customer) && textField(body, 'password') === passwordOf(customer, secret));
      if (!allowed) return { status: 401, body: { error: 'wrong-password' } };
      const session = openSession(customer, secret, Date.now());
      return {
        status: 200,
        body: { session },
        headers: { 'set-cookie': `session=${session}; HttpOnly; Path=/; SameSite=Strict` },
      };
    },
    'GET /session': ({ header }) => {
      const cookie = /(?:^|; )session=([^;]+)/.exec(header('cookie') ?? '')?.[1];
      const customer = sessionCustomer(header('authorization') ?? cookie, secret, Date.now());
      return customer === null ? { status: 401, body: { error: 'no-session' } } : { status: 200, body: { customer } };
    },
  };
}
