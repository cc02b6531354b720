/** Login attempts, counted for each account, so that a test locks nobody out. Pure: the caller keeps the counts. */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { digestOf } from '#evidence';
import type { HttpScope } from './scope.ts';

type Login = NonNullable<HttpScope['logins']>[number];

/** Attempts so far by place of login and account. An account stands there as a digest: its name is personal data. */
export type LoginCounts = ReadonlyMap<string, number>;

export type LoginDecision =
  | { readonly allowed: true; readonly counts: LoginCounts; readonly attempt: number }
  | {
      readonly allowed: false;
      readonly counts: LoginCounts;
      readonly reason: 'cap' | 'no-account' | 'too-many-accounts';
      readonly limit: number;
    };

/** Accounts that are counted at most; one more is refused, not forgotten. */
const mostAccounts = 10_000;

/**
 * Judges one login attempt and counts it. The attempts of one account at one place never pass its cap. An attempt that names
 * no account is refused, since it would not be counted; so are the same account in other letters, or with blanks around
 * it, once the account is at its cap. `account` is the value of the field that the scope names, null when it was not found.
 */
export function decideLogin(counts: LoginCounts, login: Login, account: string | null): LoginDecision {
  const limit = login.attempts;
  const name = account?.normalize('NFKC').trim().toLowerCase() ?? '';
  if (name === '') return { allowed: false, counts, reason: 'no-account', limit };
  const key = digestOf(utf8ToBytes(`${login.path}\n${login.account}\n${name}`));
  const attempt = (counts.get(key) ?? 0) + 1;
  if (attempt > limit) return { allowed: false, counts, reason: 'cap', limit };
  if (attempt === 1 && counts.size >= mostAccounts) {
    return { allowed: false, counts, reason: 'too-many-accounts', limit: mostAccounts };
  }
  return { allowed: true, counts: new Map(counts).set(key, attempt), attempt };
}
