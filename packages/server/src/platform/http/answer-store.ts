import { hash } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from '#platform/db';

/** An answer as it was given. */
export interface KeptAnswer {
  readonly status: number;
  readonly mediaType: string;
  readonly body: string;
}

/** What is known of an earlier request with the same key. */
export type Earlier = 'none' | 'another-request' | 'not-over' | KeptAnswer;

/** Keeps answers to requests that carry an idempotency key, for 24 hours. */
export interface AnswerStore {
  /** Takes the key for a request, unless an earlier one has it. */
  begin(request: IdempotentRequest): Promise<Earlier>;
  finish(request: IdempotentRequest, answer: KeptAnswer): Promise<void>;
  /** Gives the key back: the request was not carried out. */
  forget(request: IdempotentRequest): Promise<void>;
}

export interface IdempotentRequest {
  readonly caller: string;
  readonly key: string;
  /** Method, address and body. */
  readonly content: string;
}

const keptHours = 24;

/** Keeps them in PostgreSQL, so that any server of several gives the same answer. */
export function answerStore(db: Db, institution: string): AnswerStore {
  const which = ({ caller, key }: IdempotentRequest) =>
    sql`institution = ${institution} and caller = ${caller} and key = ${key}`;
  return {
    async begin(request) {
      const { caller, key, content } = request;
      const digest = hash('sha256', content, 'buffer');
      await sql`delete from http_answer where begun_at < now() - make_interval(hours => ${keptHours})`.execute(db);
      const { rows: taken } = await sql`
        insert into http_answer (institution, caller, key, request_hash, begun_at)
        values (${institution}, ${caller}, ${key}, ${digest}, now()) on conflict do nothing returning key`.execute(db);
      if (taken.length === 1) return 'none';
      const { rows } = await sql<{ same: boolean; status: number | null; mediaType: string; body: string }>`
        select request_hash = ${digest} as same, status, media_type as "mediaType", body
        from http_answer where ${which(request)}`.execute(db);
      const [earlier] = rows;
      if (earlier === undefined) return 'not-over';
      if (!earlier.same) return 'another-request';
      const { status, mediaType, body } = earlier;
      return status === null ? 'not-over' : { status, mediaType, body };
    },
    async finish(request, { status, mediaType, body }) {
      await sql`
        update http_answer set status = ${status}, media_type = ${mediaType}, body = ${body}
        where ${which(request)}`.execute(db);
    },
    async forget(request) {
      await sql`delete from http_answer where ${which(request)} and status is null`.execute(db);
    },
  };
}
