/** Who is named in records, and the records with names replaced. In the log a person is a pseudonym; abroad, and to another individual, even that is too much. */
import type { DisclosedRecord, EvidenceRecord } from '#evidence/record';

/** Members of payloads whose value is a person. */
const personKeys: ReadonlySet<string> = new Set([
  'person',
  'by',
  'author',
  'signer',
  'attestedBy',
  'enrolledBy',
  'approvedBy',
  'submittedBy',
]);
/** Members by which a person could be found by what they sign with, and what stands in their place. */
const signing: Readonly<Record<string, string>> = {
  key: `sha256:${'0'.repeat(64)}`,
  signature: 'AA==',
  publicKey: '[withheld]',
};
/** What a person wrote in their own words may name others. */
const ownWords: ReadonlySet<string> = new Set(['reason', 'note', 'meanwhile']);

type Json = DisclosedRecord['payload'];

/** Everybody whom the records name, in the order in which they come to name them. */
export function personsIn(records: readonly EvidenceRecord[]): string[] {
  const found = new Set<string>();
  for (const record of records) {
    if (!('leaf' in record)) continue;
    for (const person of namedIn(record)) found.add(person);
  }
  return [...found];
}

/** Whom one record names: who acted, whom its payload names as a person, and whom a statement about fault is about. */
export function namedIn({ leaf, payload }: DisclosedRecord): Set<string> {
  const found = new Set<string>(leaf.actor.kind === 'person' ? [leaf.actor.id] : []);
  const subject = leaf.subjects['person'];
  if (subject !== undefined) found.add(subject);
  collect(payload, found);
  if (leaf.type === 'review.fault-declared' && isObject(payload) && typeof payload['subject'] === 'string') {
    if (payload['subject'] !== leaf.institution) found.add(payload['subject']);
  }
  return found;
}

function collect(value: Json, found: Set<string>): void {
  if (Array.isArray(value)) return value.forEach((one) => collect(one, found));
  if (!isObject(value)) return;
  for (const [key, part] of Object.entries(value)) {
    if (personKeys.has(key)) {
      for (const one of Array.isArray(part) ? part : [part]) if (typeof one === 'string') found.add(one);
    }
    collect(part, found);
  }
}

/** What replaces whom: `names` of persons; `keepsWords` of whoever wrote them. */
export interface Replacing {
  readonly names: ReadonlyMap<string, string>;
  readonly keepsWords: boolean;
}

/** A value with persons replaced, signatures taken out, and what was written by hand withheld. */
export function replaced(value: Json, how: Replacing): Json {
  const words = [...how.names]
    .toSorted(([a], [b]) => b.length - a.length)
    .map(([person, name]) => [boundary(person), name] as const);
  const inText = (text: string): string =>
    how.names.get(text) ?? words.reduce((left, [person, name]) => left.replaceAll(person, name), text);
  const walk = (one: Json): Json => {
    if (typeof one === 'string') return inText(one);
    if (Array.isArray(one)) return one.map(walk);
    if (!isObject(one)) return one;
    return Object.fromEntries(
      Object.entries(one).flatMap(([key, part]): [string, Json][] => {
        if (key === 'webauthn') return [];
        if (key in signing && typeof part === 'string') return [[key, signing[key] ?? '']];
        if (ownWords.has(key) && typeof part === 'string' && !how.keepsWords) return [[key, '[withheld]']];
        return [[inText(key), walk(part)]];
      }),
    );
  };
  return walk(value);
}

/** A pseudonym as a word of its own: p-1 is not in p-17. */
export function boundary(person: string): RegExp {
  const escaped = person.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}-])${escaped}(?![\\p{N}-]|[A-Za-z])`, 'gu');
}

function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
