/** Where consumers' forms arrive: filed once each, looked up by number and code, answered within the legal time. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { contactRead } from '@breakwater/rules/relief/record';
import { append } from '#evidence';
import { recipientSecrets, sealContact, unsealContact } from '#notice';
import type { Platform } from '#platform';
import { inTransaction } from '#platform/db';
import { reliefOf } from '../compose.ts';
import { findForm, insertForm, readContacts, readForm as readFiled, type ClaimState } from '../store.ts';
import type { FilledForm } from './filled-form.ts';

/** Electronic Financial Transactions Act Art. 27 and Decree Art. 14: the result is told within 15 days. Not read in print. */
export const answerWithinMs = 15 * 86_400_000;

/** A form is filled in no faster and kept open no longer, ms. */
const fastestMs = 2000;
const longestMs = 12 * 3_600_000;

export type Filed = { claim: string; code: string; dueBy: number; merged: boolean };
export type Standing = { claim: string; state: ClaimState; dueBy: number };

export type FormDesk = {
  /** Names one filling of the form, so that sent twice it files one claim. */
  newToken(): string;
  /** The name in a token of ours; `early` when no person fills a form that fast, null when it is none or too old. */
  readToken(token: string): { name: string; early: boolean } | null;
  /** Files a claim. The same token again gives the same claim, with its code. */
  file(form: FilledForm, name: string): Promise<Filed>;
  standing(claim: string, code: string): Promise<Standing | null>;
  /** The telephone numbers given with a claim, newest first. That they were read, by whom and why, is kept as evidence. */
  contacts(claim: string, of: { by: string; reason: string }): Promise<string[]>;
};

/** Opens the desk. */
export function formDesk(platform: Platform): FormDesk {
  const { db, clock, config } = platform;
  const { institution } = config;
  const secrets = recipientSecrets(platform);
  const relief = reliefOf(platform);
  const keyed = (kind: string, text: string): string =>
    createHmac('sha256', secrets().pepper).update(`breakwater.claim-${kind}/1\0${institution}\0${text}`).digest('hex');
  const codeOf = (claim: string, name: string): string => keyed('code', `${claim}\0${name}`).slice(0, 10).toUpperCase();
  const sign = (name: string): string => keyed('token', name).slice(0, 32);
  const dueBy = (filedAt: Date): number => filedAt.getTime() + answerWithinMs;

  return {
    newToken() {
      const name = `${clock.now().getTime().toString(36)}-${randomBytes(12).toString('hex')}`;
      return `${name}.${sign(name)}`;
    },

    readToken(token) {
      const [, name = '', at = '', signature = ''] =
        /^(([0-9a-z]{1,12})-[0-9a-f]{24})\.([0-9a-f]{32})$/.exec(token) ?? [];
      if (name === '' || !timingSafeEqual(Buffer.from(signature), Buffer.from(sign(name)))) return null;
      const age = clock.now().getTime() - Number.parseInt(at, 36);
      return age > longestMs || age < -fastestMs ? null : { name, early: age < fastestMs };
    },

    async file(form, name) {
      const before = await findForm(db, institution, name);
      if (before !== null)
        return { claim: before.claim, code: codeOf(before.claim, name), dueBy: dueBy(before.filedAt), merged: false };
      const { claim, merged } = await relief.file({
        run: null,
        subject: `tel-${keyed('phone', form.phone).slice(0, 24)}`,
        service: form.service,
        occurredAt: new Date(form.at).toISOString(),
        reference: form.reference,
        amount: form.amount === null ? null : { low: 0, high: form.amount },
        by: 'consumer',
      });
      const filedAt = clock.now();
      const code = codeOf(claim, name);
      await inTransaction(db, (tx) =>
        insertForm(tx, institution, {
          claim,
          form: name,
          basis: form.basis,
          alternative: form.alternative,
          contact: sealContact(secrets(), claim, form.phone),
          lookupKey: keyed('lookup', code),
          filedAt,
        }),
      );
      return { claim, code, dueBy: dueBy(filedAt), merged };
    },

    async standing(claim, code) {
      const filed = await readFiled(db, institution, claim, keyed('lookup', code.trim().toUpperCase()));
      return filed === null ? null : { claim, state: filed.state, dueBy: dueBy(filed.filedAt) };
    },

    async contacts(claim, { by, reason }) {
      return inTransaction(db, async (tx) => {
        const sealed = await readContacts(tx, institution, claim);
        const at = clock.now().toISOString();
        await append(tx, {
          type: contactRead.type,
          institution,
          subjects: { claim },
          actor: { kind: 'person', id: by },
          at,
          payload: { claim, count: sealed.length, by, reason, at },
        });
        return sealed.map((one) => unsealContact(secrets(), claim, one));
      });
    },
  };
}
