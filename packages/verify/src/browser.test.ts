/** The verifier for browsers: the same verdicts as with node:crypto, and nothing of Node.js on its way. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { ED25519, formatVerifierKey, verifierKey } from '@breakwater/rules/evidence';
import type { Verification } from '@breakwater/rules/review';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as browser from './browser.ts';
import { withWebCrypto } from './dossier/web-crypto.ts';
import * as node from './index.ts';

const packagesFolder = fileURLToPath(new URL('../..', import.meta.url));
const kept = fileURLToPath(new URL('../../../conformance/dossier/v0.1.0/', import.meta.url));
const zip = new Uint8Array(readFileSync(join(kept, 'dossier.zip')));
const policy = readFileSync(join(kept, 'policy'), 'utf8');
const keys = readFileSync(join(kept, 'keys.json'), 'utf8');
const now = Date.parse('2026-11-23T00:00:00Z');

/** The file that an import of the workspace names; null for a package of others. */
function fileOf(specifier: string, from: string): string | null {
  if (specifier.startsWith('.')) return join(dirname(from), specifier);
  const [, rules] = /^(?:#|@breakwater\/rules\/?)(.*)$/.exec(specifier) ?? [];
  if (rules === undefined) return null;
  const root = join(packagesFolder, 'rules/src', rules);
  return [join(root, 'index.ts'), `${root}.ts`].find((file) => existsSync(file)) ?? `${root}: not found`;
}

/** Everything outside the workspace that the file imports, with the file that does; types are gone when it runs. */
function importsOf(entry: string): [specifier: string, file: string][] {
  const seen = new Set([entry]);
  const outside: [string, string][] = [];
  for (const file of seen) {
    if (!file.endsWith('.ts')) continue;
    const text = readFileSync(file, 'utf8');
    for (const [, specifier = ''] of text.matchAll(
      /^(?:import(?: (?!type )[^;']*? from)?|export (?!type )[^;']*? from) '([^']+)'/gm,
    )) {
      const inner = fileOf(specifier, file);
      if (inner === null) outside.push([specifier, file]);
      else seen.add(inner);
    }
  }
  expect(seen.size).toBeGreaterThan(40);
  return outside;
}

describe('the way of the browser', () => {
  test('imports nothing of Node.js, and few packages', () => {
    const outside = importsOf(fileURLToPath(new URL('browser.ts', import.meta.url)));
    expect(outside.filter(([specifier]) => isBuiltin(specifier))).toEqual([]);
    const names = new Set(outside.map(([name]) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name));
    expect([...names].toSorted((a, b) => a.localeCompare(b))).toEqual(['@noble/hashes', 'fflate', 'yaml', 'zod']);
  });

  test('is told apart from that of Node.js', () => {
    const outside = importsOf(fileURLToPath(new URL('index.ts', import.meta.url)));
    expect(outside.map(([specifier]) => specifier)).toContain('node:crypto');
  });
});

const both = async (bytes: Uint8Array, trust: node.Trust): Promise<[Verification, Verification]> => [
  await node.verifyDossier(bytes, trust, { now }),
  await browser.verifyDossier(bytes, trust, { now }),
];

describe('node:crypto and WebCrypto give the same verification', () => {
  test.each<[string, Verification['result'], node.Trust]>([
    ['with everything', 'passed', { policy, keys }],
    ['without keys', 'incomplete', { policy }],
    ['without a policy', 'incomplete', { keys }],
    ['with another key of the log', 'failed', { policy: policy.replace(/log \S+/, `log ${strangerKey()}`), keys }],
    ['with a quorum of none', 'passed', { policy: policy.replace('quorum auditor', 'quorum none'), keys }],
    ['with a person who has another person’s key', 'failed', { policy, keys: swapped(keys) }],
  ])('%s', async (_, result, trust) => {
    const [byNode, byBrowser] = await both(zip, trust);
    expect(byNode.result).toBe(result);
    expect(byBrowser).toEqual(byNode);
  });

  test('of a dossier with any byte changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(zip.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = zip.slice();
        changed[at] = (changed[at] ?? 0) ^ flip;
        const [byNode, byBrowser] = await both(changed, { policy, keys });
        expect(byBrowser).toEqual(byNode);
        expect(byNode.result).toBe('failed');
      }),
      { numRuns: 20 },
    );
  });

  test('and refuse the same policies and keys', async () => {
    for (const trust of [{ policy: 'nonsense' }, { keys: 'nonsense' }]) {
      const refusals = [node, browser].map(({ verifyDossier }) => verifyDossier(zip, trust).catch((error) => error));
      const [byNode, byBrowser] = await Promise.all(refusals);
      expect(byBrowser).toEqual(byNode);
      expect(byBrowser).toBeInstanceOf(Error);
    }
  });
});

describe('the Crypto port, the same through both adapters', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(12));
  const message = new TextEncoder().encode('a message');
  const good = new Uint8Array(sign(null, message, privateKey));
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const small = (byte: number): Uint8Array => Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? byte : 0));
  const flipped = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));

  test.each<[string, boolean, Uint8Array, Uint8Array, Uint8Array]>([
    ['a good signature', true, raw, message, good],
    ['another message', false, raw, flipped(message, 0), good],
    ['a changed R', false, raw, message, flipped(good, 3)],
    ['a changed S', false, raw, message, flipped(good, 40)],
    ['another key', false, flipped(raw, 5), message, good],
    ['S beyond the order of the group', false, raw, message, plusOrder(good, order)],
    ['a signature that is too short', false, raw, message, good.subarray(1)],
    ['a signature that is too long', false, raw, message, new Uint8Array([...good, 0])],
    ['a key that is too short', false, raw.subarray(1), message, good],
    ['the neutral element as key', false, small(1), message, new Uint8Array([...small(1), ...small(0)])],
    ['a key of small order', false, small(0), message, good],
    ['a key that is no point', false, small(2), message, good],
    ['nothing at all', false, new Uint8Array(), new Uint8Array(), new Uint8Array()],
  ])('%s', async (_, want, key, text, signature) => {
    expect(node.nodeCrypto.ed25519(key, text, signature)).toBe(want);
    expect(await withWebCrypto(globalThis.crypto.subtle, (crypto) => crypto.ed25519(key, text, signature))).toBe(want);
  });

  test('hashes and checksums of any bytes', async () => {
    const web = await withWebCrypto(globalThis.crypto.subtle, (crypto) => crypto);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(Buffer.from(web.sha256(bytes))).toEqual(Buffer.from(node.nodeCrypto.sha256(bytes)));
        expect(web.crc32(bytes)).toBe(crc32(bytes));
      }),
    );
  });

  test('a platform without Ed25519 says so instead of refusing signatures', async () => {
    const lacking = {
      importKey: async () => Promise.reject(Object.assign(new Error('no Ed25519'), { name: 'NotSupportedError' })),
      verify: async () => false,
    } as never;
    await expect(browser.verifyDossier(zip, { policy, keys }, { now, subtle: lacking })).rejects.toThrow('no Ed25519');
  });
});

/** The same signature with another spelling of S, which a lax verifier takes. */
function plusOrder(signature: Uint8Array, order: bigint): Uint8Array {
  let s = signature.subarray(32).reduceRight((total, byte) => (total << 8n) | BigInt(byte), 0n) + order;
  const spelled = Uint8Array.from({ length: 32 }, () => {
    const byte = Number(s & 255n);
    s >>= 8n;
    return byte;
  });
  return new Uint8Array([...signature.subarray(0, 32), ...spelled]);
}

/** The verifier key of a stranger under the name of the log. */
function strangerKey(): string {
  const seed = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 7)]);
  const spki = createPublicKey(createPrivateKey({ key: seed, format: 'der', type: 'pkcs8' })).export({
    format: 'der',
    type: 'spki',
  });
  const name = /log ([^+]+)\+/.exec(policy)?.[1] ?? '';
  return formatVerifierKey(verifierKey(name, ED25519, new Uint8Array(spki.subarray(12))));
}

/** The keys with those of the first two persons exchanged. */
function swapped(text: string): string {
  const document = JSON.parse(text) as { keys: { publicKey: string }[] };
  const [first, second] = document.keys;
  if (first !== undefined && second !== undefined) {
    [first.publicKey, second.publicKey] = [second.publicKey, first.publicKey];
  }
  return JSON.stringify(document);
}
