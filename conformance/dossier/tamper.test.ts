import { getPack } from '@breakwater/rules';
import {
  COSIGNATURE_V1,
  ED25519,
  type Leaf,
  canonicalJson,
  formatDigest,
  formatVerifierKey,
  hashLeaf,
  leafBytes,
  verifierKey,
} from '@breakwater/rules/evidence';
import { type Verification, recordPath } from '@breakwater/rules/review';
import { verifyDossier } from '@breakwater/verify';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Members, bytes, exampleDossier, membersOf, packId, sealAgain, text, zipOf } from './build.ts';
import { keys, origin, policy, testKey } from './trust.ts';

let zip: Uint8Array;
let members: Members;

beforeAll(async () => {
  ({ zip } = await exampleDossier('0.0.0'));
  members = membersOf(zip);
});

const verify = (dossier: Uint8Array, trust: object = { policy, keys }): Promise<Verification> =>
  verifyDossier(dossier, trust);
const failures = ({ checks }: Verification): string[] =>
  checks.filter(({ result }) => result === 'failed').map(({ id }) => id);
/** The members with one value inside one of them replaced; `place` is the way to it. */
function edited(path: string, place: readonly (string | number)[], value: unknown): Members {
  const document: unknown = JSON.parse(text(members[path]));
  const holder = place.slice(0, -1).reduce<unknown>((inner, name) => Reflect.get(inner as object, name), document);
  Reflect.set(holder as object, place.at(-1) ?? '', value);
  return { ...members, [path]: bytes(canonicalJson(document)) };
}
/** The first record of a type. */
function recordOf(type: string): string {
  const path = Object.keys(members).find(
    (name) =>
      name.startsWith('records/') &&
      (JSON.parse(text(members[name])) as { leaf?: { type: string } }).leaf?.type === type,
  );
  if (path === undefined) throw new Error(`no record of ${type}`);
  return path;
}

test('the example passes every check, and each kind is there', async () => {
  const verification = await verify(zip);
  expect(verification.checks.filter(({ result }) => result !== 'passed')).toEqual([]);
  expect(verification.result).toBe('passed');
  expect([...new Set(verification.checks.map(({ id }) => id))]).toEqual([
    'container',
    'manifest',
    'member',
    'seal',
    'checkpoint',
    'witnesses',
    'records',
    'inclusion',
    'facts',
    'pack',
    'assessment',
    'approval',
    'journal',
    'journal-head',
  ]);
});

describe('compression, order and times of members are free', () => {
  test('deflated, in reverse order, at another time', async () => {
    const reversed = Object.fromEntries(Object.entries(members).toReversed());
    const again = zipOf(reversed, { level: 9, mtime: new Date(2026, 10, 23) });
    expect((await verify(again)).result).toBe('passed');
  });
});

describe('what was not brought cannot be checked', () => {
  test.each([
    ['nothing', {}, ['approval', 'checkpoint', 'journal-head', 'seal']],
    ['no keys', { policy }, ['approval', 'journal-head']],
    ['no policy', { keys }, ['checkpoint', 'seal']],
    ['keys of nobody', { policy, keys: { schema: 'breakwater.keys/1', keys: [] } }, ['approval', 'journal-head']],
  ])('%s', async (_, trust, open) => {
    const { result, checks } = await verify(zip, trust);
    expect(result).toBe('incomplete');
    const unchecked = checks.filter((check) => check.result === 'not-checked').map(({ id }) => id);
    expect([...new Set(unchecked)].toSorted()).toEqual(open);
  });

  test('a policy or keys that cannot be read are an error, not a verdict', async () => {
    await expect(verify(zip, { policy: 'nonsense' })).rejects.toMatchObject({ code: 'policy.malformed' });
    await expect(verify(zip, { policy, keys: '{"schema":"breakwater.keys/1"}' })).rejects.toMatchObject({
      code: 'keys.malformed',
    });
    await expect(verify(zip, { policy, keys, tsaRoots: 'x' })).rejects.toMatchObject({ code: 'timestamp.bad-roots' });
  });
});

describe('no changed byte passes', () => {
  test('of any single byte of the file, wherever it stands', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(zip.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = zip.slice();
        changed[at] = (changed[at] ?? 0) ^ flip;
        expect((await verify(changed)).result).toBe('failed');
      }),
      { numRuns: 200 },
    );
  });

  test('of every byte of the headers, the manifest and the seal', async () => {
    const view = new DataView(zip.buffer, zip.byteOffset);
    const central = view.getUint32(zip.length - 6, true);
    const places = [
      ...Array.from({ length: 120 }, (_, i) => central + i),
      ...Array.from({ length: 22 }, (_, i) => zip.length - 22 + i),
      ...Array.from({ length: 60 }, (_, i) => i),
    ];
    for (const at of places) {
      const changed = zip.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect((await verify(changed)).result, `byte ${at}`).toBe('failed');
    }
  });

  test('of any member, when the zip is made anew around it', async () => {
    for (const path of Object.keys(members)) {
      const content = (members[path] ?? new Uint8Array()).slice();
      const at = Math.floor(content.length / 2);
      content[at] = (content[at] ?? 0) ^ 1;
      expect((await verify(zipOf({ ...members, [path]: content }))).result, path).toBe('failed');
    }
  });

  test('cut, prefixed or continued', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 50 }), fc.boolean(), async (more, front) => {
        const parts = front ? [more, zip] : [zip, more];
        expect((await verify(Buffer.concat(parts))).result).toBe('failed');
        expect((await verify(zip.subarray(0, zip.length - more.length))).result).toBe('failed');
      }),
      { numRuns: 20 },
    );
  });
});

describe('members', () => {
  test.each([
    'records/00000007.json',
    'facts.json',
    'README.txt',
    'dossier.pdf',
    'log/checkpoint',
    'seal/manifest.sig',
    'manifest.json',
  ])('without %s: failed', async (path) => {
    const { [path]: _, ...rest } = members;
    expect((await verify(zipOf(rest))).result).toBe('failed');
  });

  test('with one more: failed', async () => {
    expect(failures(await verify(zipOf({ ...members, 'records/99999999.json': bytes('{}') })))).toEqual(['manifest']);
    expect(failures(await verify(zipOf({ ...members, 'seal/other': bytes('x') })))).toEqual(['manifest']);
  });

  test('with a line added to the seal, of a stranger or the same again: failed', async () => {
    const seal = text(members['seal/manifest.sig']);
    const own = seal.slice(seal.lastIndexOf('\n\n') + 2);
    for (const line of ['\u2014 stranger.example AAAAAAAA\n', own]) {
      const added = { ...members, 'seal/manifest.sig': bytes(`${seal}${line}`) };
      for (const trust of [{ policy, keys }, {}]) expect(failures(await verify(zipOf(added), trust))).toContain('seal');
    }
  });

  test('sealed again without its PDF or its README: failed', async () => {
    const { 'dossier.pdf': _, ...rest } = members;
    expect(failures(await verify(sealAgain(rest)))).toContain('manifest');
  });
});

describe('a dishonest log that seals again', () => {
  test('a dropped record', async () => {
    const path = recordOf('run.gated');
    const { [path]: _, ...rest } = members;
    expect(failures(await verify(sealAgain(rest)))).toContain('records');
  });

  test('a shorter range, its last records dropped', async () => {
    const last = recordOf('criteria.assessed');
    const { [last]: _, ...rest } = members;
    const shorter = sealAgain(rest, (manifest) => ({
      ...manifest,
      range: { ...manifest.range, end: manifest.range.end - 1 },
    }));
    expect((await verify(shorter)).result).toBe('passed');
    const path = recordOf('review.fault-declared');
    const { [path]: __, ...fewer } = rest;
    const twice = sealAgain(fewer, (manifest) => ({
      ...manifest,
      range: { ...manifest.range, end: manifest.range.end - 2 },
    }));
    expect(failures(await verify(twice))).toEqual(['facts', 'assessment']);
  });

  test('reordered records', async () => {
    const [a, b] = [recordPath(13), recordPath(14)];
    const swapped: Members = { ...members };
    for (const [path, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const record = JSON.parse(text(members[other])) as { index: number };
      swapped[path] = bytes(canonicalJson({ ...record, index: Number(path.slice(8, 16)) }));
    }
    expect(failures(await verify(sealAgain(swapped)))).toContain('inclusion');
    expect(failures(await verify(sealAgain({ ...members, [a]: members[b] as Uint8Array })))).toContain('records');
  });

  test('a changed payload, with and without its commitment', async () => {
    const path = recordOf('relief.leaks');
    const leaked = edited(path, ['payload', 'personalCredit'], { low: 1, high: 1 });
    expect(failures(await verify(sealAgain(leaked)))).toContain('records');
  });

  test('a withheld record with another hash', async () => {
    const path =
      Object.keys(members).find((name) => name.startsWith('records/') && text(members[name]).includes('leafHash')) ??
      '';
    const other = edited(path, ['leafHash'], `sha256:${'0'.repeat(64)}`);
    expect(failures(await verify(sealAgain(other)))).toContain('inclusion');
  });

  test('a journal entry withheld', async () => {
    const path = recordOf('guard.journal');
    const leafHash = leafHashOf(path);
    const index = Number(path.slice('records/'.length, -'.json'.length));
    const hidden = sealAgain({
      ...members,
      [path]: bytes(canonicalJson({ schema: 'breakwater.record/1', index, leafHash })),
    });
    expect(failures(await verify(hidden))).toContain('journal');
  });

  test('a record that is not in canonical form', async () => {
    const path = recordOf('run.gated');
    const doubled = text(members[path]).replace('{"index"', '{"index":0,"index"');
    expect(failures(await verify(sealAgain({ ...members, [path]: bytes(doubled) })))).toContain('records');
  });

  test('facts that the records do not give', async () => {
    const milder = edited('facts.json', ['damage', 'customer'], { low: 0, high: 0 });
    expect(failures(await verify(sealAgain(milder)))).toEqual(['facts', 'assessment']);
  });

  test('a verdict that the facts do not give', async () => {
    const better = edited('assessment.json', ['open'], []);
    expect(failures(await verify(sealAgain(better)))).toEqual(['assessment']);
    const sooner = edited('assessment.json', ['asOf'], '2026-11-14T00:00:00+09:00');
    expect(failures(await verify(sealAgain(sooner)))).toEqual(['assessment']);
  });

  test('a pack with a milder bound', async () => {
    const outage = getPack(packId).criteria.findIndex(({ id }) => id === 'minor.outage');
    const milder = edited(`packs/${packId}.json`, ['criteria', outage, 'bound', 'value'], 28_800_000);
    expect(failures(await verify(sealAgain(milder)))).toEqual(['pack', 'assessment']);
  });

  test('an approval that is not in the records, or another than there', async () => {
    const path = Object.keys(members).find((name) => name.startsWith('approvals/')) ?? '';
    const other = edited(path, ['decision', 'person'], 'p-99');
    expect(failures(await verify(sealAgain(other)))).toEqual(['approval']);
    const { [path]: _, ...rest } = members;
    expect(failures(await verify(sealAgain(rest)))).toEqual(['approval']);
  });

  test('tiles: one missing, one more, one changed', async () => {
    const path = Object.keys(members).find((name) => name.startsWith('log/tiles/0/')) ?? '';
    const { [path]: tile = new Uint8Array(), ...rest } = members;
    expect(failures(await verify(sealAgain(rest)))).toEqual(['inclusion']);
    expect(failures(await verify(sealAgain({ ...members, 'log/tiles/1/000.p/1': tile.slice(0, 32) })))).toEqual([
      'inclusion',
    ]);
    const changed = tile.slice();
    changed[0] = (changed[0] ?? 0) ^ 1;
    expect(failures(await verify(sealAgain({ ...members, [path]: changed })))).toEqual(['inclusion']);
  });

  test('a checkpoint with a changed root, size or signature', async () => {
    for (const [from, to] of [
      [/\n\d+\n/, '\n64\n'],
      [/example\/breakwater\n/, 'example/other\n'],
      [/— log/, '— lag'],
    ] as const) {
      const note = bytes(text(members['log/checkpoint']).replace(from, to));
      expect(failures(await verify(sealAgain({ ...members, 'log/checkpoint': note }))), String(from)).toContain(
        'checkpoint',
      );
    }
  });

  test('members of any JSON give a verdict, never a crash', async () => {
    const paths = [
      'facts.json',
      'assessment.json',
      'packs/kr-fsc-2026-06-30.json',
      recordOf('plan.decided'),
      recordOf('guard.journal'),
      'manifest.json',
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.json({ maxDepth: 4 }), async (path, json) => {
        expect(
          (await verify(sealAgain({ ...members, [path]: bytes(json) }, () => JSON.parse(json) as never))).result,
        ).toBe('failed');
        if (path !== 'manifest.json')
          expect((await verify(sealAgain({ ...members, [path]: bytes(json) }))).result).toBe('failed');
      }),
      { numRuns: 40 },
    );
  });

  test('JSON of a thousand levels is refused', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect((await verify(sealAgain({ ...members, 'facts.json': bytes(deep) }))).result).toBe('failed');
  });
});

describe('policy and keys', () => {
  test('a quorum that nobody reached fails', async () => {
    const stranger = formatVerifierKey(verifierKey('witness.peer.example', COSIGNATURE_V1, testKey('stranger').raw));
    const wanted = `${policy.replace(/quorum.*\n/, '')}witness peer ${stranger}\ngroup both all auditor peer\nquorum both\n`;
    const { result, checks } = await verify(zip, { policy: wanted, keys });
    expect(result).toBe('failed');
    expect(checks.filter((check) => check.result === 'failed')).toMatchObject([
      { id: 'witnesses', detail: expect.stringContaining('cosigned by auditor') },
    ]);
  });

  test('a policy that asks for no witness makes no check of witnesses', async () => {
    const { result, checks } = await verify(zip, { policy: `${policy.split('\n')[0]}\nquorum none\n`, keys });
    expect(result).toBe('passed');
    expect(checks.map(({ id }) => id)).not.toContain('witnesses');
  });

  test('a policy of another log fails', async () => {
    const other = formatVerifierKey(verifierKey('log.other.example', ED25519, testKey('log').raw));
    expect(failures(await verify(zip, { policy: `log ${other}\nquorum none\n`, keys }))).toEqual([
      'seal',
      'checkpoint',
    ]);
    const impostor = formatVerifierKey(verifierKey(origin, ED25519, testKey('stranger').raw));
    expect(failures(await verify(zip, { policy: `log ${impostor}\nquorum none\n`, keys }))).toEqual([
      'seal',
      'checkpoint',
    ]);
  });

  describe('what is wrong with a dossier shows under any policy, and under none', () => {
    const other = formatVerifierKey(verifierKey('log.other.example', ED25519, testKey('log').raw));
    const impostor = formatVerifierKey(verifierKey(origin, ED25519, testKey('stranger').raw));
    const leaves = (path: string): Members => ({ ...members, [path]: bytes(`${text(members[path])} `) });
    const faults: [string, () => Uint8Array, string[]][] = [
      ['a changed member', () => zipOf(leaves('README.txt')), ['member']],
      ['a manifest that the seal is not over', () => resealed({ ...members, 'README.txt': bytes('other') }), ['seal']],
      [
        'facts of nobody',
        () => sealAgain(edited('facts.json', ['damage', 'customer'], { low: 0, high: 0 })),
        ['facts', 'assessment'],
      ],
      ['a checkpoint of another log', () => sealAgain(otherOrigin()), ['checkpoint', 'inclusion']],
    ];
    test.each(
      faults.flatMap((fault) =>
        [null, `log ${other}\nquorum none\n`, `log ${impostor}\nquorum none\n`, 'quorum none\n'].map(
          (wrong) => [...fault, wrong] as const,
        ),
      ),
    )('%s', async (_, make, want, wrong) => {
      expect(failures(await verify(make(), { policy: wrong, keys }))).toEqual(expect.arrayContaining(want));
    });
  });

  test.each([
    ['revoked before it signed', { revoked: '2026-11-01T00:00:00+09:00' }, 'failed'],
    ['not yet in force', { from: '2026-11-14T00:00:00+09:00' }, 'failed'],
    ['over', { to: '2026-11-01T00:00:00+09:00' }, 'failed'],
    ['of another person', { person: 'p-99' }, 'failed'],
    ['in another role', { role: 'clerk' }, 'failed'],
    ['revoked later', { revoked: '2026-11-20T00:00:00+09:00' }, 'passed'],
  ])('a key that was %s', async (_, change, want) => {
    const changed = { ...keys, keys: keys.keys.map((key) => (key.person === 'p-17' ? { ...key, ...change } : key)) };
    const { checks } = await verify(zip, { policy, keys: changed });
    const approval = checks.find(({ id, subject }) => id === 'approval' && subject.startsWith('p-17'));
    expect(approval?.result).toBe(want);
  });
});

/** Members with their manifest made again, under the seal of the old one. */
function resealed(changed: Members): Uint8Array {
  const again = membersOf(sealAgain(changed));
  return zipOf({ ...again, 'seal/manifest.sig': members['seal/manifest.sig'] as Uint8Array });
}

/** A checkpoint of another log, and a tile that is not of its tree. */
function otherOrigin(): Members {
  const tile = Object.keys(members).find((name) => name.startsWith('log/tiles/0/')) ?? '';
  const changed = (members[tile] ?? new Uint8Array()).slice();
  changed[0] = (changed[0] ?? 0) ^ 1;
  const note = text(members['log/checkpoint']).replace('example/breakwater\n', 'example/other\n');
  return { ...members, [tile]: changed, 'log/checkpoint': bytes(note) };
}

/** The bare leaf hash of a record, as it would stand in its place. */
function leafHashOf(path: string): string {
  const { leaf } = JSON.parse(text(members[path])) as { leaf: Leaf };
  return formatDigest(hashLeaf(leafBytes(leaf)));
}
