/** Putting notices on the public site: files first, then the record that says they could be read. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '@breakwater/rules/evidence';
import { noticeFields } from '@breakwater/rules/notice';
import { noticePublished } from '@breakwater/rules/notice/record';
import { append } from '#evidence';
import type { Clock } from '#platform/clock';
import { inTransaction, type Db } from '#platform/db';
import { announcedBy } from './proof.ts';
import { exportFiles, styleSheet } from './site/export.ts';
import { feedFiles } from './site/feed.ts';
import { listPage, noticePage, pagePath, phaseOf, type PublishedNotice } from './site/page.ts';
import { insertPublication, listNotices } from './store.ts';

export type Publisher = {
  db: Db;
  clock: Clock;
  institution: string;
  /** Folder of the static site, and the address under which customers see it (without a slash at the end). */
  site: { dir: string; url: string };
};

export type Published = { at: string; url: string; content: string };

const listed = 100;

/**
 * Writes the pages of all published notices of a plan and of `id` (each lists the others), and the lists of notices.
 * `by`: the person; null = the system. Published twice, a page says the same with a newer time.
 */
export async function publishPlan(
  publisher: Publisher,
  plan: string,
  id: string | null,
  by: string | null,
): Promise<Published> {
  const { db, clock, institution, site } = publisher;
  const now = clock.now();
  const shown = await publicNotices(publisher, { plan }, id, now);
  const files = await filesOf(shown, await publicNotices(publisher, {}, id, now), site.url, now.getTime());
  await exportFiles(site.dir, files);
  const at = now.toISOString();
  const published = shown.map((notice, i) => {
    const path = pagePath('ko', notice.id);
    const previous = shown[i - 1]?.digest ?? null;
    return { notice, previous, url: `${site.url}/${path}`, content: sha256(files.get(`${path}index.html`) ?? '') };
  });
  await inTransaction(db, async (tx) => {
    for (const { notice, previous, url, content } of published) {
      const phase = phaseOf(notice.document, now.getTime());
      await insertPublication(tx, institution, { notice: notice.id, publishedAt: now, phase, content, url });
      await append(tx, {
        type: noticePublished.type,
        institution,
        subjects: { plan, notice: notice.id },
        actor: by === null ? { kind: 'system', id: 'notice' } : { kind: 'person', id: by },
        at,
        payload: {
          notice: notice.id,
          plan,
          channel: 'website',
          at,
          fields: noticeFields(notice.document),
          announced: announcedBy(notice.document),
          content,
          url,
          document: notice.digest,
          previous,
        },
      });
    }
  });
  const own = published.find(({ notice }) => notice.id === id) ?? published.at(-1);
  if (own === undefined) throw new Error(`the plan ${plan} has no public notice`);
  return { at, url: own.url, content: own.content };
}

/** Publishes again the pages that no longer say the truth about the time of the work. */
export async function refreshSite(publisher: Publisher): Promise<void> {
  const now = publisher.clock.now().getTime();
  const rows = await listNotices(publisher.db, publisher.institution, { limit: listed });
  const stale = rows.filter(({ document, phase }) => phase !== null && phase !== phaseOf(document, now));
  for (const plan of new Set(stale.map((row) => row.plan))) await publishPlan(publisher, plan, null, null);
}

async function publicNotices(
  { db, institution }: Publisher,
  of: { plan?: string },
  id: string | null,
  now: Date,
): Promise<PublishedNotice[]> {
  const rows = await listNotices(db, institution, { ...of, limit: listed });
  return rows
    .filter((row) => row.publishedAt !== null || row.id === id)
    .map(({ id: notice, plan, document, publishedAt }) => ({
      id: notice,
      plan,
      document,
      digest: sha256(canonicalJson(document)),
      at: (publishedAt ?? now).getTime(),
    }));
}

async function filesOf(
  shown: readonly PublishedNotice[],
  list: readonly PublishedNotice[],
  url: string,
  now: number,
): Promise<Map<string, string | Uint8Array>> {
  const files = new Map<string, string | Uint8Array>([['style.css', await styleSheet()]]);
  for (const language of ['ko', 'en'] as const) {
    for (const notice of shown) {
      files.set(`${pagePath(language, notice.id)}index.html`, noticePage(notice, shown, language, now));
    }
    files.set(`${language}/index.html`, listPage(list, language, now));
  }
  const name = list.at(-1)?.document.company?.name;
  for (const [path, feed] of feedFiles(list, { url, company: { ko: name?.ko ?? '', en: name?.en ?? '' } }, now))
    files.set(path, feed);
  return files.set('index.html', listPage(list, 'ko', now).replaceAll('href="../', 'href="'));
}

function sha256(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
