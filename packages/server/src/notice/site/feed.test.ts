import { Script } from 'node:vm';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { draftNotice, type Notice } from '@breakwater/rules/notice';
import { feedFiles } from './feed.ts';
import { noticePage } from './page.ts';
import type { PublishedNotice } from './published.ts';

const now = Date.parse('2026-11-28T10:00:00+09:00');
const site = { url: 'https://notice.hanbit.example', company: { ko: '한빛은행', en: 'Hanbit Bank' } };
const document = draftNotice(
  {
    kind: 'emergency-patch',
    window: { start: '2026-11-29T01:00:00+09:00', end: '2026-11-29T04:00:00+09:00' },
    services: ['transfer'],
  },
  { company: { name: site.company, phone: '15881234' }, sender: '15881234', serviceNames: {} },
);
const published = (changes: Partial<Notice>, n: number): PublishedNotice => ({
  id: `plan-${n}`,
  number: '2026-7',
  version: n,
  hash: `sha256:${String(n).repeat(64)}`,
  toldAt: null,
  document: { ...document, ...changes },
  digest: `sha256:${String(n).repeat(64)}`,
  at: now + n * 60_000,
});
const moved = published(
  { kind: 'postponement', window: { start: '2026-12-01T01:00:00+09:00', end: '2026-12-01T04:00:00+09:00' } },
  2,
);
const fileOf = (notices: readonly PublishedNotice[], path: string): string =>
  feedFiles(notices, site, now).get(path) ?? '';

/** Elements and their texts; throws on what is not well-formed. */
function readXml(text: string): { name: string; text: string }[] {
  const read: { name: string; text: string }[] = [];
  const open: { name: string; text: string }[] = [];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name }) => open.push({ name, text: '' }));
  parser.on('text', (part) => {
    const last = open.at(-1);
    if (last !== undefined) last.text += part;
  });
  parser.on('closetag', () => {
    const last = open.pop();
    if (last !== undefined) read.push(last);
  });
  parser.write(text).close();
  return read;
}

describe('the feeds of the site', () => {
  test('name a notice by what it says, so that a reader shows it once', () => {
    const ids = readXml(fileOf([published({}, 1), moved], 'ko/feed.xml')).flatMap(({ name, text }) =>
      name === 'id' ? [text] : [],
    );
    expect(ids).toEqual([`${site.url}/ko/feed.xml`, `urn:sha256:${'2'.repeat(64)}`, `urn:sha256:${'1'.repeat(64)}`]);
  });

  test('take any text of a notice as text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })), (title) => {
        const read = readXml(fileOf([published({ title: { ko: title, en: title } }, 1)], 'ko/feed.xml'));
        const titles = read.filter(({ name }) => name === 'title').map(({ text }) => text);
        expect(titles).toHaveLength(2);
        if (!/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u.test(title)) expect(titles[1]).toBe(title);
      }),
    );
  });

  test('are JSON Feed 1.1, newest first', () => {
    const feed = JSON.parse(fileOf([published({}, 1), moved], 'en/feed.json')) as {
      version: string;
      items: { url: string }[];
    };
    expect(feed.version).toBe('https://jsonfeed.org/version/1.1');
    expect(feed.items.map(({ url }) => url)).toEqual([
      `${site.url}/en/notices/2026-7/v/2/`,
      `${site.url}/en/notices/2026-7/v/1/`,
    ]);
  });

  test('move the event of a work that is moved, and cancel that of one that is cancelled', () => {
    const lines = (notices: readonly PublishedNotice[]): string[] => fileOf(notices, 'notices.ics').split('\r\n');
    expect(lines([published({}, 1), moved])).toEqual(
      expect.arrayContaining(['UID:2026-7@notice.hanbit.example', 'SEQUENCE:1', 'STATUS:CONFIRMED']),
    );
    expect(lines([published({}, 1), moved]).filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(1);
    expect(lines([published({}, 1), moved, published({ kind: 'cancel' }, 3)])).toEqual(
      expect.arrayContaining(['SEQUENCE:2', 'STATUS:CANCELLED']),
    );
  });

  test('give a page of the bank the newest notice of each work, and a script that writes text only', () => {
    const { notices } = JSON.parse(fileOf([published({}, 1), moved], 'notices.json')) as { notices: { id: string }[] };
    expect(notices).toMatchObject([{ id: '2026-7', version: 2 }]);
    const script = fileOf([], 'embed.js');
    expect(() => new Script(script)).not.toThrow();
    expect(script).not.toMatch(/innerHTML|insertAdjacent|document\.write/);
    expect(Buffer.byteLength(script)).toBeLessThan(2048);
  });

  test('are there and valid when nothing is announced', () => {
    expect(readXml(fileOf([], 'ko/feed.xml')).some(({ name }) => name === 'entry')).toBe(false);
    expect(fileOf([], 'notices.ics')).toContain('BEGIN:VCALENDAR');
  });
});

test('a calendar has an event for each window of a series, and cancels one that was given up', () => {
  const windows = ['29', '30'].map((day) => ({
    start: `2026-11-${day}T01:00:00+09:00`,
    end: `2026-11-${day}T02:00:00+09:00`,
  }));
  const events = (notices: readonly PublishedNotice[]): string[] =>
    fileOf(notices, 'notices.ics').match(/^(?:UID|DTSTART|STATUS):.*$/gm) ?? [];
  const first = published({ windows }, 1);
  expect(events([first])).toEqual([
    'UID:2026-7@notice.hanbit.example',
    'DTSTART:20261128T160000Z',
    'STATUS:CONFIRMED',
    'UID:2026-7.2@notice.hanbit.example',
    'DTSTART:20261129T160000Z',
    'STATUS:CONFIRMED',
  ]);
  expect(events([first, published({ kind: 'change', windows: windows.slice(0, 1) }, 2)]).slice(3)).toEqual([
    'UID:2026-7.2@notice.hanbit.example',
    'DTSTART:20261129T160000Z',
    'STATUS:CANCELLED',
  ]);
});

test('a page shows what changed since the version before, and the first shows nothing', () => {
  const first = published({}, 1);
  const second = published({ fields: { ...document.fields, timing: '11월 29일(일) 01:00 ~ 05:00' } }, 2);
  const page = (shown: PublishedNotice): string =>
    noticePage(
      { shown, versions: [first, second].slice(0, shown.version), observed: new Map(), language: 'ko', now },
      false,
    );
  expect(page(first)).not.toContain('<ins>');
  expect(page(second)).toMatch(/11월 29일\(일\) 01:00 ~ <del>.*04:00<\/del> <ins>.*05:00<\/ins>/);
});
