import { textField, wonField, type Routes } from '../http.ts';
import type { ServiceContext } from '../service.ts';

/** A payment up to this is approved without looking at the account while transfers are out of service. */
const standInLimitWon = 300_000;
const askMs = 500;

/**
 * Card payments look at the account through the transfer service. While that one is drained, isolated or not running,
 * cards stand in for it; while it answers with errors or too late, nobody knows the balance and the payment is declined.
 * So a failing transfer service spreads its damage to cards, and isolating it stops the spread.
 */
export function cardsRoutes({ urls }: ServiceContext): Routes {
  const approve = async (
    account: string,
    krw: number,
  ): Promise<{ approved: boolean; mode: 'account' | 'stand-in' | 'unknown' }> => {
    try {
      const answer = await fetch(`${urls.transfer}/balance?account=${encodeURIComponent(account)}`, {
        signal: AbortSignal.timeout(askMs),
      });
      if (answer.headers.get('x-bank-state') !== null) return { approved: krw <= standInLimitWon, mode: 'stand-in' };
      if (!answer.ok) return { approved: false, mode: 'unknown' };
      const { balance } = (await answer.json()) as { balance: number };
      return { approved: balance >= krw, mode: 'account' };
    } catch (error) {
      return connectionRefused(error)
        ? { approved: krw <= standInLimitWon, mode: 'stand-in' }
        : { approved: false, mode: 'unknown' };
    }
  };
  return {
    'POST /cards/payment': async ({ body }) => {
      const result = await approve(textField(body, 'account'), wonField(body, 'krw'));
      return { status: result.mode === 'unknown' ? 503 : result.approved ? 201 : 409, body: result };
    },
    'GET /cards/selftest': async () => {
      const result = await approve('self-test', 1000);
      return { status: result.approved ? 200 : 500, body: { ok: result.approved, mode: result.mode } };
    },
  };
}

function connectionRefused(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
}
