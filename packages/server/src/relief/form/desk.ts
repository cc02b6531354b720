/** Where consumers' forms arrive: filed once each, looked up by number and code, answered within the legal time. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { answerDue, type ReasonCode } from '@breakwater/rules/relief';
import { contactRead } from '@breakwater/rules/relief/record';
import { append } from '#evidence';
import { recipientSecrets, sealContact, unsealContact } from '#notice';
import type { Platform } from '#platform';
import { inTransaction } from '#platform/db';
import { telephoneSubject } from '../casework-store.ts';
import { reliefOf } from '../compose.ts';
import { countFilings, findForm, readContacts, readForm as readFiled, type ClaimState } from '../store.ts';
import type { FilledForm } from './filled-form.ts';

/** A form is filled in no faster and kept open no longer, ms. */
const fastestMs = 2000;
const longestMs = 12 * 3_600_000;
const dayMs = 86_400_000;

export type Filed = { claim: string; code: string; dueBy: number; merged: boolean };
export type Standing = {
  claim: string;
  state: ClaimState;
  /** Null once the result was told. */
  dueBy: number | null;
  /** Decided for this; null = not decided. */
  amount: number | null;
  code: ReasonCode | null;
};

/** Claims that one telephone number files within a day: enough for everybody who lost something, not for a machine. */
const mostADay = 20;

export type FormDesk = {
  /** Names one filling of the form, so that sent twice it files one claim. */
  newToken(): string;
  /** The name in a token of ours; `early` when no person fills a form that fast, null when it is none or too old. */
  readToken(token: string): { name: string; early: boolean } | null;
  /** Files a claim. The same token again gives the same claim, with its code. Null: this number filed too many today. */
  file(form: FilledForm, name: string): Promise<Filed | null>;
  /** Whoever has the code does not accept the decision. False: no such claim, or it is not decided. */
  appeal(claim: string, code: string, amount: number | null): Promise<boolean>;
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
  const lookupOf = (code: string): string => keyed('lookup', code.trim().toUpperCase());
  const sign = (name: string): string => keyed('token', name).slice(0, 32);
  const dueBy = async (filedAt: Date): Promise<number> => {
    const { policy } = await relief.policy();
    return answerDue({ source: 'filed', openedAt: filedAt.getTime() }, policy);
  };

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
      if (before !== null) {
        const { claim, filedAt } = before;
        return { claim, code: codeOf(claim, name), dueBy: await dueBy(filedAt), merged: false };
      }
      const subject = `${telephoneSubject}${keyed('phone', form.phone).slice(0, 24)}`;
      const since = new Date(clock.now().getTime() - dayMs);
      if ((await countFilings(db, institution, relief.subjectKey(subject), since)) >= mostADay) return null;
      const { claim, merged } = await relief.file({
        run: null,
        subject,
        service: form.service,
        occurredAt: new Date(form.at).toISOString(),
        reference: form.reference,
        amount: form.amount === null ? null : { low: 0, high: form.amount },
        by: 'consumer',
        once: name,
        form: {
          name,
          basis: form.basis,
          alternative: form.alternative,
          evidence: [],
          contact: (id) => sealContact(secrets(), id, form.phone),
          lookupKey: (id) => keyed('lookup', codeOf(id, name)),
        },
      });
      return { claim, code: codeOf(claim, name), dueBy: await dueBy(clock.now()), merged };
    },

    async standing(claim, code) {
      const filed = await readFiled(db, institution, claim, lookupOf(code));
      if (filed === null) return null;
      const { state, filedAt, toldAt, amount, code: reason } = filed;
      return { claim, state, amount, code: reason, dueBy: toldAt === null ? await dueBy(filedAt) : null };
    },

    async appeal(claim, code, amount) {
      const filed = await readFiled(db, institution, claim, lookupOf(code));
      if (filed === null || filed.state === 'open') return false;
      await relief.appeal({ claim, amount: amount === null ? null : { low: 0, high: amount }, by: 'consumer' });
      return true;
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
        return [...new Set(sealed.map((one) => unsealContact(secrets(), claim, one)))];
      });
    },
  };
}
