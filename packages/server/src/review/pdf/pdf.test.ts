import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assess, factsFromRecords, getPack } from '@breakwater/rules';
import type { DisclosedRecord } from '@breakwater/rules/evidence';
import { readContainer } from '@breakwater/verify';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleDossier } from '../../../../../conformance/dossier/build.ts';
import type { Pages } from './block.ts';
import { coverage, printable, readFonts } from './font.ts';
import { amount, bound, duration, kst, kstSpan, range, utc, withLocalTimes } from './format.ts';
import { type PlainMember, renderDossier } from './index.ts';
import { renderPdf } from './render.ts';

const require = createRequire(import.meta.url);
let folder: string;
let zip: Uint8Array;
let pdf: Uint8Array;
let members: PlainMember[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-pdf-'));
  ({ zip, pdf } = await exampleDossier('0.0.0'));
  members = readContainer(zip).filter(
    ({ path }) => path !== 'dossier.pdf' && path !== 'manifest.json' && !path.startsWith('seal/'),
  );
  writeFileSync(join(folder, 'dossier.pdf'), pdf);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hasPoppler = spawnSync('pdftotext', ['-v']).error === undefined;
const textOf = (file: string): string =>
  execFileSync('pdftotext', ['-layout', join(folder, file), '-'], { encoding: 'utf8' });

describe('the same members give the same bytes', () => {
  /** Renders the dossier at `zip` in a process with another environment, and says its SHA-256. */
  const script = `
    import { readFileSync } from 'node:fs';
    import { hash } from 'node:crypto';
    import { readContainer } from '@breakwater/verify';
    import { renderDossier } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
    const members = readContainer(readFileSync(process.env.ZIP)).filter(({ path }) => path !== 'dossier.pdf' && path !== 'manifest.json' && !path.startsWith('seal/'));
    process.stdout.write(hash('sha256', await renderDossier(members.toReversed()), 'hex'));`;

  function digestUnder(environment: Record<string, string>): string {
    writeFileSync(join(folder, 'dossier.zip'), zip);
    const env = { PATH: process.env['PATH'] ?? '', ZIP: join(folder, 'dossier.zip'), ...environment };
    const cwd = fileURLToPath(new URL('.', import.meta.url));
    return execFileSync(process.execPath, ['--input-type=module', '--eval', script], { env, cwd, encoding: 'utf8' });
  }

  test('under another time zone, locale, home and set of fonts', () => {
    // A font that claims to be Pretendard in its regular weight, found before any other by whoever searches the machine.
    const fonts = join(folder, 'home', '.local', 'share', 'fonts');
    mkdirSync(fonts, { recursive: true });
    copyFileSync(
      require.resolve('pretendard/dist/public/static/Pretendard-Black.otf'),
      join(fonts, 'Pretendard-Regular.otf'),
    );
    const config = join(folder, 'fonts.conf');
    writeFileSync(
      config,
      `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${fonts}</dir></fontconfig>`,
    );
    const plain = digestUnder({});
    expect(digestUnder({ TZ: 'America/New_York', LANG: 'ko_KR.UTF-8', LC_ALL: 'tr_TR.UTF-8' })).toBe(plain);
    expect(
      digestUnder({ HOME: join(folder, 'home'), FONTCONFIG_FILE: config, TYPST_FONT_PATHS: fonts, TZ: 'Asia/Seoul' }),
    ).toBe(plain);
  });

  test('and they are those that were sealed', async () => {
    expect(Buffer.from(await renderDossier(members)).equals(Buffer.from(pdf))).toBe(true);
  });

  test('another member gives others', async () => {
    const other = members.map((member) =>
      member.path === 'README.txt' ? { ...member, bytes: new TextEncoder().encode('x') } : member,
    );
    expect(Buffer.from(await renderDossier(other)).equals(Buffer.from(pdf))).toBe(false);
  });
});

describe.skipIf(!hasPoppler)('what a reader gets (skipped: no poppler-utils here)', () => {
  test('every member but the PDF, the manifest and the seal is attached, byte for byte', () => {
    const out = join(folder, 'attached');
    // poppler saves into folders that are there, and makes none.
    for (const { path } of members) mkdirSync(join(out, dirname(path)), { recursive: true });
    execFileSync('pdfdetach', ['-saveall', '-o', out, join(folder, 'dossier.pdf')]);
    const listed = execFileSync('pdfdetach', ['-list', join(folder, 'dossier.pdf')], { encoding: 'utf8' });
    expect(listed).toMatch(new RegExp(`^${members.length} embedded files`));
    for (const { path, bytes } of members)
      expect(readFileSync(join(out, path)).equals(Buffer.from(bytes)), path).toBe(true);
  });

  test('is PDF/A-3b with the three fonts embedded and no other', () => {
    expect(Buffer.from(pdf).includes('<pdfaid:part>3</pdfaid:part>')).toBe(true);
    expect(Buffer.from(pdf).includes('<pdfaid:conformance>B</pdfaid:conformance>')).toBe(true);
    const fonts = execFileSync('pdffonts', [join(folder, 'dossier.pdf')], { encoding: 'utf8' })
      .split('\n')
      .slice(2)
      .filter(Boolean);
    expect(fonts.length).toBeGreaterThan(0);
    for (const font of fonts) expect(font).toMatch(/^\w{6}\+Pretendard-(Regular|SemiBold|Bold)\S* .* yes yes/);
  });

  test('says in both languages what the criteria rest on, what was found, what speaks against, and what is not provable', () => {
    const text = textOf('dossier.pdf').replace(/\s+/g, ' ');
    for (const words of [
      'press-derived; primary text not seen',
      '언론 보도에서 옮긴 기준이며',
      '기준별 평가',
      '불리한 사실',
      '작성자가 빼거나 고칠 수 없습니다',
      '월말 결산일이나 공격이 이미 확인되어',
      '증명하지 못하는 것',
      'Adverse facts',
      'What is not provable',
      '0:00:44',
      '조항 미확인',
      '#20',
    ]) {
      expect(text, words).toContain(words);
    }
    expect(text).not.toMatch(/면책됨|면책 대상|\bexempt/i);
    expect(text).not.toMatch(/undefined|\[object|NaN/);
  });
});

/** The members with the plan exchanged and only the records of these types, and what follows from them. */
function membersWith(plan: object, types: readonly string[]): PlainMember[] {
  const records = members.flatMap(({ path, bytes }) => {
    if (!path.startsWith('records/')) return [];
    const record = JSON.parse(new TextDecoder().decode(bytes)) as DisclosedRecord;
    if (!types.includes(record.leaf?.type)) return [];
    if (record.leaf.type !== 'plan.submitted') return [record];
    return [{ ...record, payload: { ...(record.payload as object), document: plan } as DisclosedRecord['payload'] }];
  });
  const facts = factsFromRecords(records);
  const assessment = assess(facts, getPack('kr-fsc-2026-06-30'), '2026-11-17T00:00:00+09:00');
  const file = (path: string, value: unknown): PlainMember => ({ path, bytes: Buffer.from(JSON.stringify(value)) });
  return [
    ...members.filter(({ path }) => !/^(?:records|approvals)\/|^facts|^assessment/.test(path)),
    ...records.map((record) => file(`records/${record.index}.json`, record)),
    file('facts.json', facts),
    file('assessment.json', assessment),
  ];
}

describe.skipIf(!hasPoppler)('works of other shapes', () => {
  test('a security test shows its scope, its tool and whether AI was used; what is not known is said', async () => {
    const plan = {
      schema: 'breakwater.plan/1',
      id: 't',
      kind: 'security-test',
      activity: 'port-scan',
      services: ['transfer'],
      author: 'p-03',
      title: { ko: '포트 점검', en: 'Port scan' },
      window: { start: '2026-11-15T01:00:00+09:00', end: '2026-11-15T04:00:00+09:00' },
      scope: { targets: [{ cidr: '10.66.0.10/32', ports: ['tcp/8080'] }] },
      tester: { run: ['nmap', '-sS'], usesAi: null },
      measures: [],
    };
    const made = await renderDossier(membersWith(plan, ['plan.submitted', 'run.requested', 'run.started']));
    writeFileSync(join(folder, 'test.pdf'), made);
    const text = textOf('test.pdf').replace(/\s+/g, ' ');
    for (const words of [
      '보안 시험',
      '10.66.0.10/32 (tcp/8080)',
      'nmap -sS',
      '인공지능 사용 알 수 없음',
      '승인 기록이 없습니다',
      '안내 기록이 없습니다',
      'No record of a rehearsal',
    ]) {
      expect(text, words).toContain(words);
    }
    expect(text).not.toMatch(/undefined|null|NaN/);
  });
});

describe('text', () => {
  const page = (...blocks: Pages['parts'][number]['blocks']): Pages => ({
    title: 't',
    running: { left: '', right: '', foot: '' },
    cover: { over: '', title: 't', subtitle: '', rows: [], notices: [] },
    parts: [{ lang: 'ko', blocks }],
  });

  test.skipIf(!hasPoppler)(
    'is never read as markup, and characters without a glyph are printed as their code points',
    async () => {
      const hostile =
        '#pdf.attach("/etc/passwd") $x^2$ *굵게* _a_ `code` <label> @ref \\ // 주석 /* */ #{1+1} 漢\u202e😀\u0007';
      const table = {
        kind: 'table',
        columns: [{ title: hostile, width: 1 }],
        rows: [[{ text: hostile, under: hostile }]],
      } as const;
      const made = await renderPdf(
        page(
          { kind: 'heading', level: 1, text: hostile },
          { kind: 'text', text: hostile },
          { kind: 'verbatim', text: hostile },
          table,
        ),
        [],
        0,
      );
      writeFileSync(join(folder, 'hostile.pdf'), made);
      const text = textOf('hostile.pdf').replace(/\s+/g, '');
      expect(
        text.split(
          '#pdf.attach("/etc/passwd")$x^2$*굵게*_a_`code`<label>@ref\\//주석/**/#{1+1}[U+6F22][U+202E][U+1F600][U+0007]',
        ).length,
      ).toBeGreaterThan(4);
    },
  );

  test('of any characters can be set', async () => {
    const [font] = readFonts();
    const covered = coverage(font ?? Buffer.alloc(0));
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        for (const character of printable(text, covered))
          expect(character === '\n' || covered.has(character.codePointAt(0) ?? 0)).toBe(true);
      }),
    );
    const strange = fc.sample(fc.string({ unit: 'binary', maxLength: 60 }), { numRuns: 200, seed: 7 });
    const made = await renderPdf(page({ kind: 'list', items: strange.map((text) => text.toWellFormed()) }), [], 0);
    expect(made.length).toBeGreaterThan(1000);
  });

  test('a page that cannot be set is an error with a code, never half a PDF', async () => {
    const unknown = page({
      kind: 'gauges',
      gauges: [{ title: 1, value: null, limit: {}, left: [], low: 'x', high: 'y' }] as never,
    });
    await expect(renderPdf(unknown, [], 0)).rejects.toMatchObject({ code: 'review.not-rendered' });
    await expect(renderDossier(members.filter(({ path }) => path !== 'facts.json'))).rejects.toMatchObject({
      code: 'review.not-rendered',
      path: 'facts.json',
    });
  });
});

describe('numbers and times', () => {
  test('are written without asking the machine', () => {
    expect(kst('2026-11-14T16:00:00.250Z')).toBe('2026-11-15 01:00:00.250');
    expect(utc('2026-11-15T01:00:00+09:00')).toBe('2026-11-14 16:00:00');
    expect(kstSpan('2026-11-15T01:00:00+09:00', '2026-11-15T04:00:00+09:00')).toBe('2026-11-15 01:00:00–04:00:00');
    expect(kstSpan('2026-11-15T23:00:00+09:00', '2026-11-16T04:00:00+09:00')).toBe(
      '2026-11-15 23:00:00 – 2026-11-16 04:00:00',
    );
    expect(kstSpan('2026-11-15T01:00:00+09:00', null)).toBe('2026-11-15 01:00:00–');
    expect([duration(0), duration(14_400_000), duration(14_400_001), duration(-61_000)]).toEqual([
      '0:00:00',
      '4:00:00',
      '4:00:00.001',
      '-0:01:01',
    ]);
    expect(amount(100_000_000, 'KRW', 'ko')).toBe('100,000,000원');
    expect(amount(0.99999, 'ratio', 'en')).toBe('99.99%');
    expect(bound('<=', 14_400_000, 'ms', 'ko')).toBe('4:00:00 이하');
    expect(bound('<', 10_000, 'records', 'en')).toBe('< 10,000 records');
    expect(withLocalTimes('사전 테스트를 2026-11-25T16:00:00.000Z에 통과')).toBe(
      '사전 테스트를 2026-11-26 01:00:00 KST에 통과',
    );
  });

  test('unknown is a word, never zero or an empty cell', () => {
    expect([range(null, 'KRW', 'ko'), range(undefined, 'ms', 'en')]).toEqual(['알 수 없음', 'unknown']);
    expect(range({ low: 0, high: null }, 'records', 'ko')).toBe('0건 이상(상한 알 수 없음)');
    expect(range({ low: 5, high: 5 }, 'records', 'ko')).toBe('5건');
    expect(range({ low: 1, high: 1000 }, 'KRW', 'ko')).toBe('1–1,000원');
    expect(range(0, 'ms', 'ko')).toBe('0:00:00');
  });
});
