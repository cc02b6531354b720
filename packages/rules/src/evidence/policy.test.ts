import { generateKeyPairSync, sign, verify, createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BreakwaterError } from '../error.ts';
import { formatCheckpoint } from './checkpoint.ts';
import {
  COSIGNATURE_V1,
  ED25519,
  type Verifier,
  cosignature,
  cosignedMessage,
  formatVerifierKey,
  verifierKey,
} from './key.ts';
import { formatSignatureLine } from './note.ts';
import { checkPolicy, parsePolicy } from './policy.ts';

const verifier: Verifier = {
  ed25519(publicKey, message, signature) {
    const x = Buffer.from(publicKey).toString('base64url');
    return verify(null, message, createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }), signature);
  },
};

const NOW = 1_795_000_000_000;
const text = formatCheckpoint({ origin: 'bank.example/log', size: 3, root: new Uint8Array(32) });

function party(
  name: string,
  kind: 1 | 4,
): { vkey: string; line: (time?: number) => string; sameKeyNamed: (other: string) => string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'));
  const key = verifierKey(name, kind, raw);
  const line = (time = NOW / 1000): string => {
    const message = kind === ED25519 ? Buffer.from(text) : cosignedMessage(text, BigInt(time));
    const bytes = new Uint8Array(sign(null, message, privateKey));
    return formatSignatureLine({
      name,
      id: key.id,
      signature: kind === ED25519 ? bytes : cosignature(BigInt(time), bytes),
    });
  };
  return {
    vkey: formatVerifierKey(key),
    line,
    sameKeyNamed: (other) => formatVerifierKey(verifierKey(other, kind, raw)),
  };
}

const log = party('bank.example/log', ED25519);
const [a, b, c] = ['hub.example', 'auditor.example', 'peer.example'].map((name) => party(name, COSIGNATURE_V1)) as [
  ReturnType<typeof party>,
  ReturnType<typeof party>,
  ReturnType<typeof party>,
];
const witnesses = `witness a ${a.vkey}\nwitness b ${b.vkey}\nwitness c ${c.vkey} https://peer.example/w\n`;
const verdict = (policy: string, ...lines: string[]): ReturnType<typeof checkPolicy> =>
  checkPolicy(parsePolicy(`log ${log.vkey}\n${policy}`), `${text}\n${log.line()}${lines.join('')}`, verifier, NOW);

describe('a quorum', () => {
  const groups = `${witnesses}group outside any b c\ngroup all-of all a outside\nquorum all-of\n`;
  test.each([
    ['none', 'quorum none\n', [], true],
    ['one witness', `${witnesses}quorum b\n`, [b], true],
    ['one witness that did not cosign', `${witnesses}quorum b\n`, [a], false],
    ['2 of 3', `${witnesses}group g 2 a b c\nquorum g\n`, [a, c], true],
    ['2 of 3 with one', `${witnesses}group g 2 a b c\nquorum g\n`, [a], false],
    ['all', `${witnesses}group g all a b c\nquorum g\n`, [a, b, c], true],
    ['all but one', `${witnesses}group g all a b c\nquorum g\n`, [a, b], false],
    ['groups of groups', groups, [a, c], true],
    ['groups of groups without the first', groups, [b, c], false],
  ])('of %s', (_name, policy, cosigners, reached) => {
    expect(verdict(policy, ...cosigners.map((witness) => witness.line())).quorum).toBe(reached);
  });

  test('counts one key once, even under two names', () => {
    const twice = `witness a ${a.vkey}\nwitness twin ${a.sameKeyNamed('hub2.example')}\nwitness again ${a.vkey}\ngroup g 2 a twin again\nquorum g\n`;
    expect(verdict(twice, a.line())).toMatchObject({ quorum: false, cosigned: [{ witness: { name: 'a' } }] });
  });

  test('counts a witness whose key was given as a plain Ed25519 key', () => {
    const plain = party('w.example', ED25519);
    expect(parsePolicy(`witness w ${plain.vkey}\nquorum w\n`).witnesses[0]?.key.kind).toBe(COSIGNATURE_V1);
  });

  test('does not count a cosignature from the future', () => {
    const policy = `${witnesses}quorum a\n`;
    expect(verdict(policy, a.line(NOW / 1000 + 300)).quorum).toBe(true);
    expect(verdict(policy, a.line(NOW / 1000 + 301)).quorum).toBe(false);
  });
});

describe('the log', () => {
  test('must be one of the policy, under the name of its origin', () => {
    expect(verdict('quorum none\n').log?.name).toBe('bank.example/log');
    const named = parsePolicy(`log ${log.sameKeyNamed('other.example')}\nwitness a ${a.vkey}\nquorum a\n`);
    expect(checkPolicy(named, `${text}\n${log.line()}${a.line()}`, verifier, NOW)).toMatchObject({
      log: null,
      quorum: true,
    });
    const stranger = party('bank.example/log', ED25519);
    const policy = parsePolicy(`log ${stranger.vkey}\nquorum none\n`);
    expect(() => checkPolicy(policy, `${text}\n${log.line()}`, verifier, NOW)).toThrow(/no verifiable signatures/);
  });

  test('that signed one text does not vouch for another', () => {
    const policy = parsePolicy(`log ${log.vkey}\nquorum none\n`);
    expect(() => checkPolicy(policy, `${text.replace('\n3\n', '\n4\n')}\n${log.line()}`, verifier, NOW)).toThrow(
      /invalid signature/,
    );
  });
});

describe('the file', () => {
  test('may have comments, empty lines, tabs and spaces', () => {
    const policy = parsePolicy(
      `# 정책\n\n \t log\t${log.vkey}  https://x.example/ \n\twitness  a ${a.vkey}\n   # more\nquorum a`,
    );
    expect(policy).toMatchObject({
      logs: [{ url: 'https://x.example/' }],
      witnesses: [{ name: 'a', url: null }],
      quorum: 'a',
    });
  });

  test('may hold 32 of each and more', () => {
    const many = Array.from(
      { length: 40 },
      (_, i) => `witness w${i} ${party(`w${i}`, COSIGNATURE_V1).vkey}\ngroup g${i} any w${i}\n`,
    ).join('');
    expect(parsePolicy(`${many}quorum g39\n`).groups).toHaveLength(40);
  });

  test.each([
    ['no quorum', witnesses, 4],
    ['two quorums', 'quorum none\nquorum none\n', 2],
    ['a quorum that is not defined', 'quorum a\n', 1],
    ['a quorum defined later', `quorum a\n${witnesses}`, 1],
    ['a group member defined later', `group g any a\n${witnesses}quorum g\n`, 1],
    ['a group of none', `${witnesses}group g any none\nquorum g\n`, 4],
    ['a group without members', 'group g any\nquorum g\n', 1],
    ['threshold 0', `${witnesses}group g 0 a\nquorum g\n`, 4],
    ['a negative threshold', `${witnesses}group g -1 a\nquorum g\n`, 4],
    ['a threshold beyond the members', `${witnesses}group g 3 a b\nquorum g\n`, 4],
    ['a threshold with a leading zero', `${witnesses}group g 01 a\nquorum g\n`, 4],
    ['a member twice in one group', `${witnesses}group g any a a\nquorum g\n`, 4],
    ['a member of two groups', `${witnesses}group g any a\ngroup h any a\nquorum g\n`, 5],
    ['a name given twice', `${witnesses}witness a ${party('x', COSIGNATURE_V1).vkey}\nquorum a\n`, 4],
    ['a group named as a witness', `${witnesses}group a any b\nquorum a\n`, 4],
    ['the name none', `witness none ${a.vkey}\nquorum none\n`, 1],
    ['a log twice', `log ${log.vkey}\nlog ${log.sameKeyNamed('other.example')}\nquorum none\n`, 2],
    ['a log with the key of a witness', `log ${a.vkey}\nquorum none\n`, 1],
    ['a key that is no key', 'log nonsense\nquorum none\n', 1],
    ['a word too many', `${witnesses}quorum a b\n`, 4],
    ['an unknown word', 'require all\nquorum none\n', 1],
    ['a word of the language', 'constructor x\nquorum none\n', 1],
    ['a control character', 'quorum none\r\n', 1],
    ['a delete character', '# \u007f\nquorum none\n', 1],
    [
      '257 logs',
      `${Array.from({ length: 257 }, (_, i) => `log ${party(`l${i}`, ED25519).vkey}\n`).join('')}quorum none\n`,
      257,
    ],
    ['more than 256 kB', `#${'x'.repeat(262_144)}\nquorum none\n`, 1],
  ])('with %s is refused with its line', (_name, policy, line) => {
    expect(() => parsePolicy(policy)).toThrow(expect.objectContaining({ code: 'policy.malformed', path: `${line}:1` }));
  });

  test('of any words is read or refused with a line', () => {
    const word = fc.constantFrom(
      'log',
      'witness',
      'group',
      'quorum',
      'none',
      'any',
      'all',
      '1',
      '2',
      'a',
      'b',
      a.vkey,
      log.vkey,
      '#',
      '\n',
      '\n',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        try {
          expect(parsePolicy(words.join(' ')).quorum).toBeTypeOf('string');
        } catch (error) {
          expect(error).toBeInstanceOf(BreakwaterError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
