import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Routes } from '../http.ts';
import type { ServiceContext } from '../service.ts';
import { applyRight, openBook } from './book.ts';
import { probeCustomer, sessionCustomer } from './session.ts';

/**
 * The archive behind the statements: old, and the reason why they are fragile. It answers one question at a time, also when
 * the question is for a page that there is not. A few customers notice nothing; a scanner that asks for many pages makes
 * everybody wait, until it goes away. The function resolves when the archive has answered the question of this connection.
 */
export function openArchive(questionMs: number): (connection: Socket) => Promise<void> {
  let last = Promise.resolve();
  return (connection) => (last = last.then(() => (connection.destroyed ? undefined : sleep(questionMs))));
}

/** Account statements; the monitoring's own customer may only call the self-test. */
export function statementRoutes({ dir, secret }: ServiceContext): Routes {
  return {
    'GET /statement': ({ query, header }) => {
      const customer = sessionCustomer(header('authorization'), secret, Date.now());
      if (customer === null || customer === probeCustomer) return { status: 401, body: { error: 'no-session' } };
      return { status: 200, body: { balance: openBook(dir, applyRight).balance(query.get('account') ?? '') } };
    },
    'GET /statement/selftest': () => ({ status: 200, body: { ok: true } }),
  };
}
