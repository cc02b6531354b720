import { createHash, createPublicKey } from 'node:crypto';
import { BreakwaterError } from '@breakwater/rules';
import type { Host } from '@breakwater/rules/guard';
import { hostEnrolled } from '@breakwater/rules/guard/record';
import * as evidence from '#evidence';
import { inTransaction, type Db, type Tx } from '#platform/db';
import { readHosts, sawHost, upsertHost, type EnrolledHost } from './store.ts';

/** SHA-256 of a public key (PEM) in SPKI DER. Throws BreakwaterError `host.bad-key` for anything but Ed25519. */
export function keyDigest(publicKey: string): string {
  try {
    const key = createPublicKey(publicKey);
    if (key.asymmetricKeyType === 'ed25519') {
      return `sha256:${createHash('sha256')
        .update(key.export({ type: 'spki', format: 'der' }))
        .digest('hex')}`;
    }
  } catch {
    // Falls through to the one refusal below: what OpenSSL says helps nobody.
  }
  throw new BreakwaterError('host.bad-key', 'the key must be an Ed25519 public key in PEM (SPKI)', '/publicKey');
}

/** Enrols the key by which an execution host signs its journal heads; the same key again changes nothing. */
export async function enrolHost(
  db: Db,
  institution: string,
  { host, publicKey, by }: { host: string; publicKey: string; by: string },
): Promise<EnrolledHost> {
  return inTransaction(db, (tx) => enrolHostIn(tx, institution, { host, publicKey, by }));
}

/** The same in a transaction of the caller's. */
export async function enrolHostIn(
  tx: Tx,
  institution: string,
  { host, publicKey, by }: { host: string; publicKey: string; by: string },
): Promise<EnrolledHost> {
  const key = keyDigest(publicKey);
  const known = (await readHosts(tx, institution)).find((one) => one.host === host);
  if (known !== undefined && keyDigest(known.publicKey) === key) return known;
  const at = new Date().toISOString();
  const enrolled: EnrolledHost = { host, publicKey, enrolledBy: by, enrolledAt: at };
  await upsertHost(tx, institution, enrolled);
  await evidence.append(tx, {
    type: hostEnrolled.type,
    institution,
    subjects: { host },
    actor: { kind: 'person', id: by },
    at,
    payload: { host, publicKey, key, by, at },
  });
  return enrolled;
}

/** What a host must be before anything runs on it. */
export type HostFault =
  | { readonly reason: 'host-unknown'; readonly host: string }
  | { readonly reason: 'host-key-changed'; readonly host: string }
  | { readonly reason: 'host-name'; readonly host: string; readonly actual: string };

/** Keeps what a host said at the start of a connection, and tells why it may not be used; null when it may. */
export async function greetHost(
  db: Db,
  institution: string,
  name: string,
  hello: Host,
  clockOffsetMs: number,
): Promise<HostFault | null> {
  if (hello.host !== name) return { reason: 'host-name', host: name, actual: hello.host };
  const enrolled = (await readHosts(db, institution)).find((one) => one.host === name);
  if (enrolled === undefined) return { reason: 'host-unknown', host: name };
  if (keyDigest(enrolled.publicKey) !== keyDigest(hello.publicKey)) return { reason: 'host-key-changed', host: name };
  const { boot, protocol, level } = hello;
  await sawHost(db, institution, {
    host: name,
    boot,
    protocol,
    level,
    clockOffsetMs,
    seenAt: new Date().toISOString(),
  });
  return null;
}
