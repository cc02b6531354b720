/**
 * The public page of a notice: how fast it is made, against escaping its text once, which nothing that makes HTML of it can do
 * without; and how much a reader loads. Three versions, five services, both languages, style sheet included in the size.
 */
import {
  draftNotice,
  draftSuccessor,
  noticeDigest,
  versionHash,
  type Notice,
} from '../packages/rules/src/notice/index.ts';
import { html } from '../packages/server/src/notice/site/html.ts';
import { siteFiles } from '../packages/server/src/notice/site/files.ts';
import { listPage } from '../packages/server/src/notice/site/overview.ts';
import { noticePage } from '../packages/server/src/notice/site/page.ts';
import type { PublishedNotice } from '../packages/server/src/notice/site/published.ts';
import type { BenchResult } from './result.ts';

const now = Date.parse('2026-11-22T01:47:00+09:00');
const measureMs = 2000;
const mostBytes = 50_000;
const listed = 100;
const observed = new Map();

export async function run(): Promise<BenchResult> {
  const versions = chain('2026-118');
  const shown = versions.at(-1);
  if (shown === undefined) throw new Error('a chain has a last version');
  const page = { shown, versions, observed, language: 'ko', now } as const;
  const text = noticePage(page, true);
  const visible = text.replace(/<[^>]+>/g, '');
  const notices = Array.from({ length: listed }, (_, i) => chain(`2026-${i + 1}`).slice(0, 1)).flat();
  const pages = perSecond(() => noticePage(page, true));
  const escapes = perSecond(() => html`${visible}`.text);
  const lists = perSecond(() => listPage({ notices, observed, language: 'ko', now }));
  const files = await siteFiles({ shown: versions, notices: versions, observed, url: 'https://notice.example', now });
  const sheet = Buffer.byteLength(files.get('style.css') ?? '');
  const largest = Math.max(
    ...[...files].flatMap(([path, body]) => (path.endsWith('.html') ? [Buffer.byteLength(body) + sheet] : [])),
  );
  return {
    name: 'Public notice page',
    method:
      'A notice of three versions and five services is made again and again for two seconds, and so is a list of a hundred notices; the limit is escaping the text of that page once, in the same run. The size is the largest page of that site with its style sheet, uncompressed.',
    rows: [
      { what: 'notice page', value: pages, unit: 'pages/s' },
      { what: 'list of 100 notices', value: lists, unit: 'pages/s' },
      { what: 'escaping the text of the page once (limit)', value: escapes, unit: 'pages/s' },
      { what: 'share of the limit', value: (pages / escapes) * 100, unit: '%' },
      {
        what: 'largest page with its style sheet',
        value: largest,
        unit: 'bytes',
        bar: `< ${mostBytes} bytes`,
        met: largest < mostBytes,
      },
    ],
  };
}

function perSecond(make: () => string): number {
  for (let i = 0; i < 200; i += 1) make();
  const from = performance.now();
  let count = 0;
  while (performance.now() - from < measureMs) {
    for (let i = 0; i < 20; i += 1) make();
    count += 20;
  }
  return (count / (performance.now() - from)) * 1000;
}

function chain(number: string): PublishedNotice[] {
  const window = (end: string) => ({ start: '2026-11-22T01:00:00+09:00', end: `2026-11-22T${end}:00+09:00` });
  const services = ['internet', 'mobile', 'transfer', 'partner', 'cards'];
  const names = { ko: '인터넷뱅킹', en: 'Internet banking' };
  const first = draftNotice(
    {
      kind: 'emergency-patch',
      window: window('03:00'),
      services,
      notice: { alternativeChannels: [{ name: '자동화기기(ATM)', service: 'atm', opens: '00:00', closes: '24:00' }] },
    },
    {
      company: { name: { ko: '한빛은행', en: 'Hanbit Bank' }, phone: '15881234' },
      sender: '15881234',
      serviceNames: Object.fromEntries(services.map((service) => [service, names])),
    },
  );
  const second = draftSuccessor(first, { kind: 'change', window: window('04:00') });
  let hash: string | null = null;
  return [first, second, draftSuccessor(second, { kind: 'start' })].map((document: Notice, i): PublishedNotice => {
    hash = versionHash(hash, document);
    const digest = noticeDigest(document);
    return { id: `${number}-${i}`, number, version: i + 1, document, digest, hash, at: now, toldAt: now };
  });
}
