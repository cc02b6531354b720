/**
 * The envelope of everything Breakwater can later prove: what an evidence leaf says, and the record that opens it.
 *
 * A leaf goes into the log for ever, so it holds no personal data: the payload is represented by a salted
 * commitment only. The record (salt and payload) is kept apart and can be erased while every proof stays valid.
 */
import { z } from 'zod';
import { BreakwaterError } from '../error.ts';
import { conform } from '../shape.ts';

/** An instant on the wire: RFC 3339 with an explicit offset, as contracts.md asks of every time. */
export const instant = z.iso.datetime({ offset: true });

/** `sha256:` and 64 lower-case hex digits. */
export const sha256Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** Who caused a record. `id` is a pseudonym of a person (`p-17`), a host or a component; never a name. */
export const actor = z.strictObject({ kind: z.enum(['person', 'host', 'system']), id: z.string().min(1).max(128) });
export type Actor = z.infer<typeof actor>;

/** What a domain hands to `evidence.append`: salt, received time and index are added by the log. */
export const evidenceEntry = z.strictObject({
  type: z.string().regex(/^[a-z-]+\.[a-z-]+$/),
  institution: z.string().min(1).max(128),
  /** Things the record is about, by kind: `{ plan: 'transfer-openssl-2026-11', run: '0190…' }`. */
  subjects: z.record(z.string(), z.string()),
  actor,
  /** When it happened, by the clock of who saw it. */
  at: instant,
  payload: z.json(),
});
export type EvidenceEntry = z.infer<typeof evidenceEntry>;

/** The bytes of a leaf are the RFC 8785 form of this; at most 65,535 bytes (C2SP tlog-tiles bundles). */
export const leaf = z.strictObject({
  schema: z.literal('breakwater.leaf/1'),
  type: z.string(),
  institution: z.string(),
  subjects: z.record(z.string(), z.string()),
  actor,
  at: instant,
  /** When the log's database took it. */
  receivedAt: instant,
  /** SHA-256 over `breakwater.commitment/1` LF, the salt, and the RFC 8785 form of the payload. */
  commitment: sha256Digest,
});
export type Leaf = z.infer<typeof leaf>;

/** A record as it stands in a dossier: opened, or withheld as its bare leaf hash. */
export const disclosedRecord = z.strictObject({
  schema: z.literal('breakwater.record/1'),
  index: z.int().min(0),
  leaf,
  /** 32 random bytes, standard base64. */
  salt: z.base64().length(44),
  payload: z.json(),
});
export const withheldRecord = z.strictObject({
  schema: z.literal('breakwater.record/1'),
  index: z.int().min(0),
  leafHash: sha256Digest,
});
export const evidenceRecord = z.union([disclosedRecord, withheldRecord]);
export type DisclosedRecord = z.infer<typeof disclosedRecord>;
export type WithheldRecord = z.infer<typeof withheldRecord>;
export type EvidenceRecord = z.infer<typeof evidenceRecord>;

/** One kind of record: its type word and the shape of its payload. Domains declare theirs in `record.ts`. */
export interface RecordKind<T> {
  readonly type: string;
  readonly payload: z.ZodType<T>;
}

/** Declares a kind of record. `type` is `domain.what-happened`. */
export function recordKind<T>(type: string, payload: z.ZodType<T>): RecordKind<T> {
  return { type, payload };
}

/**
 * The opened records of one kind, in log order, with their payloads read.
 *
 * Throws BreakwaterError `record.*` when a record of the kind does not have its shape: such a log was not written by
 * Breakwater.
 */
export function recordsOf<T>(records: readonly EvidenceRecord[], kind: RecordKind<T>): { leaf: Leaf; payload: T }[] {
  return records.flatMap((record) =>
    'leaf' in record && record.leaf.type === kind.type ? [{ leaf: record.leaf, payload: payloadOf(record, kind) }] : [],
  );
}

/** The payload of an opened record, read. Throws BreakwaterError `record.*` at `/index/payload/…`. */
export function payloadOf<T>({ index, payload }: DisclosedRecord, kind: RecordKind<T>): T {
  return within(`/${index}/payload`, () => conform(kind.payload, payload, { name: 'record' }));
}

/** What stands around a payload. */
const opened = disclosedRecord.omit({ payload: true });

/**
 * A list of records from somebody who may not keep to types, their payloads unread: `recordsOf` holds each against its kind.
 *
 * Throws BreakwaterError `records.not-a-list`, or `record.*` at the place in the list.
 */
export function requireRecords(value: unknown): readonly EvidenceRecord[] {
  if (!Array.isArray(value)) {
    throw new BreakwaterError('records.not-a-list', 'records are a list of breakwater.record/1, in log order', '');
  }
  return Array.from(value as readonly unknown[], (record, i) =>
    within(`/${i}`, () => {
      if (typeof record !== 'object' || record === null || !('payload' in record)) {
        return conform(withheldRecord, record, { name: 'record' });
      }
      const { payload, ...rest } = record;
      return { ...conform(opened, rest, { name: 'record' }), payload: payload as DisclosedRecord['payload'] };
    }),
  );
}

/** Puts `at` before the path of what is refused inside. */
function within<T>(at: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof BreakwaterError))
      throw new BreakwaterError('record.unreadable', 'the record is not plain data: give JSON', at);
    throw new BreakwaterError(error.code, error.message, `${at}${error.path}`);
  }
}

/** A payload and its salt were erased; the leaf stays. `reason` names no person. */
export const payloadErased = recordKind(
  'evidence.payload-erased',
  z.strictObject({ index: z.int().min(0), reason: z.string().min(1).max(2_000), by: z.string() }),
);

/** A new identity of the log was opened because the old one may no longer be signed. */
export const originOpened = recordKind(
  'evidence.origin-opened',
  z.strictObject({
    origin: z.string(),
    vkey: z.string(),
    /** The identity before it, the newest checkpoint of it that is known (a signed note), and the leaves that were found. */
    old: z.strictObject({ origin: z.string(), checkpoint: z.string().nullable(), foundSize: z.int().min(0) }),
    reason: z.string().min(1).max(2_000),
    by: z.string(),
  }),
);

/** The key of the log named its successor: `note` is signed by both. */
export const keySucceeded = recordKind(
  'evidence.key-succeeded',
  z.strictObject({ origin: z.string(), oldKey: z.string(), newKey: z.string(), note: z.string(), by: z.string() }),
);
