/** The whole site as files. */
import { noticeBytes } from '@breakwater/rules/notice';
import { styleSheet, type SiteFiles } from './export.ts';
import { feedFiles } from './feed.ts';
import { listPage, proofPage, statusPage } from './overview.ts';
import { noticePage } from './page.ts';
import { documentPath, versionPath, workPath, worksOf, type Observed, type PublishedNotice } from './published.ts';

/** What the site is made of at `now` (epoch ms). `url` = where customers see it, without a slash at the end. */
export type Site = {
  /** Notices whose pages are made: whole works. */
  shown: readonly PublishedNotice[];
  /** All published notices, oldest first: the pages about all works and the feeds are of them. */
  notices: readonly PublishedNotice[];
  observed: Observed;
  url: string;
  now: number;
};

/** Pages of notices first, then what links to them: a reader who comes in between finds every page that is named. */
export async function siteFiles({ shown, notices, observed, url, now }: Site): Promise<SiteFiles> {
  const files = new Map<string, string | Uint8Array>([['style.css', await styleSheet()]]);
  for (const notice of shown) files.set(documentPath(notice), noticeBytes(notice.document));
  for (const language of ['ko', 'en'] as const) {
    for (const versions of worksOf(shown)) {
      const page = { versions, observed, language, now };
      for (const notice of versions) {
        files.set(`${versionPath(language, notice)}index.html`, noticePage({ ...page, shown: notice }, false));
      }
      const newest = versions.at(-1);
      if (newest === undefined) continue;
      files.set(`${workPath(language, newest.number)}index.html`, noticePage({ ...page, shown: newest }, true));
    }
  }
  for (const language of ['ko', 'en'] as const) {
    const overview = { notices, observed, language, now };
    files.set(`${language}/proof/index.html`, proofPage(overview));
    files.set(`${language}/status/index.html`, statusPage(overview));
    files.set(`${language}/index.html`, listPage(overview));
  }
  const name = notices.at(-1)?.document.company?.name;
  for (const [path, feed] of feedFiles(notices, { url, company: { ko: name?.ko ?? '', en: name?.en ?? '' } }, now))
    files.set(path, feed);
  const start = listPage({ notices, observed, language: 'ko', now });
  return files.set('index.html', start.replaceAll('href="../', 'href="'));
}
