/** What other programs read of the public site: Atom, JSON Feed 1.1, a calendar, and a document to embed. All static. */
import { phaseAt, windowsOf } from '@breakwater/rules/notice';
import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import { html } from './html.ts';
import { titleOf, versionPath, workPath, worksOf, type PublishedNotice } from './published.ts';
import { words, type Language } from './words.ts';

/** A site whose feeds are written: its address without a slash at the end, and the company's name. */
export type FeedSite = { url: string; company: Readonly<Record<Language, string>> };

/** Every feed of the site by path. `notices` are all published ones, oldest first. */
export function feedFiles(notices: readonly PublishedNotice[], site: FeedSite, now: number): Map<string, string> {
  const files = new Map<string, string>();
  for (const language of ['ko', 'en'] as const) {
    files.set(`${language}/feed.xml`, atom(notices, site, language, now));
    files.set(`${language}/feed.json`, jsonFeed(notices, site, language));
  }
  return files
    .set('notices.ics', calendar(notices, site, now))
    .set('notices.json', embedded(notices, site, now))
    .set('embed.js', embedScript);
}

/** Stable for as long as the notice is there, wherever the site moves. */
const idOf = ({ digest }: PublishedNotice): string => `urn:sha256:${digest.replace('sha256:', '')}`;
const pageOf = (notice: PublishedNotice, site: FeedSite, language: Language): string =>
  `${site.url}/${versionPath(language, notice)}`;
const workOf = ({ number }: PublishedNotice, site: FeedSite, language: Language): string =>
  `${site.url}/${workPath(language, number)}`;
const feedTitle = (site: FeedSite, language: Language): string =>
  [site.company[language], words[language].list].filter((part) => part !== '').join(' ');
/** Without the characters that no XML document may hold, escaped or not (XML 1.0, 2.2). */
const inXml = (text: string): string =>
  text.toWellFormed().replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
const summaryOf = ({ document }: PublishedNotice, language: Language): string =>
  document.texts.website?.[language] ?? '';

function atom(notices: readonly PublishedNotice[], site: FeedSite, language: Language, now: number): string {
  const updated = new Date(notices.at(-1)?.at ?? now).toISOString();
  const entries = notices.toReversed().map((notice) => {
    const at = new Date(notice.at).toISOString();
    const { kind, work } = notice.document;
    return html`<entry>
      <id>${idOf(notice)}</id>
      <title type="text">${inXml(titleOf(notice.document, language))}</title>
      <link rel="alternate" type="text/html" href="${pageOf(notice, site, language)}" />
      <published>${at}</published><updated>${at}</updated>
      <category term="${kind}" label="${words[language].kind[kind]}" /><category term="${work}" />
      <summary type="text">${inXml(summaryOf(notice, language))}</summary>
    </entry>`;
  });
  const feed = html`<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${language}">
    <id>${site.url}/${language}/feed.xml</id>
    <title type="text">${feedTitle(site, language)}</title>
    <author><name>${site.company[language] === '' ? site.url : site.company[language]}</name></author>
    <link rel="self" type="application/atom+xml" href="${site.url}/${language}/feed.xml" />
    <link rel="alternate" type="text/html" href="${site.url}/${language}/" />
    <updated>${updated}</updated>
    ${entries}
  </feed>`;
  return `<?xml version="1.0" encoding="utf-8"?>\n${feed.text}\n`;
}

function jsonFeed(notices: readonly PublishedNotice[], site: FeedSite, language: Language): string {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: feedTitle(site, language),
    home_page_url: `${site.url}/${language}/`,
    feed_url: `${site.url}/${language}/feed.json`,
    language,
    authors: site.company[language] === '' ? undefined : [{ name: site.company[language] }],
    items: notices.toReversed().map((notice) => ({
      id: idOf(notice),
      url: pageOf(notice, site, language),
      title: titleOf(notice.document, language),
      content_text: summaryOf(notice, language),
      date_published: new Date(notice.at).toISOString(),
      tags: [notice.document.kind, notice.document.work],
      language,
    })),
  });
}

/**
 * One event a window of a work, so that a calendar moves it when the work is moved: the work's number and the window's place
 * in it name it for ever, the version numbers it. A window that was given up is cancelled, not gone.
 */
function calendar(notices: readonly PublishedNotice[], site: FeedSite, now: number): string {
  const feed = ical({
    name: feedTitle(site, 'ko'),
    prodId: { company: 'Breakwater', product: 'notices', language: 'KO' },
    method: ICalCalendarMethod.PUBLISH,
  });
  const host = URL.canParse(site.url) ? new URL(site.url).hostname || 'localhost' : 'localhost';
  for (const versions of worksOf(notices)) {
    const last = versions.at(-1);
    const first = versions[0];
    if (last === undefined || first === undefined) continue;
    const longest = Math.max(...versions.map(({ document }) => windowsOf(document).length));
    for (let i = 0; i < longest; i += 1) {
      const window = windowsOf(last.document)[i];
      const shown =
        window ?? versions.findLast(({ document }) => windowsOf(document).length > i)?.document.windows?.[i];
      if (shown === undefined) continue;
      feed.createEvent({
        id: `${last.number}${i === 0 ? '' : `.${i + 1}`}@${host}`,
        sequence: last.version - 1,
        start: new Date(shown.start),
        end: new Date(shown.end),
        stamp: new Date(now),
        created: new Date(first.at),
        lastModified: new Date(last.at),
        summary: titleOf(last.document, 'ko'),
        description: summaryOf(last, 'ko'),
        url: workOf(last, site, 'ko'),
        status:
          last.document.kind === 'cancel' || window === undefined
            ? ICalEventStatus.CANCELLED
            : ICalEventStatus.CONFIRMED,
      });
    }
  }
  return feed.toString();
}

/** `breakwater.public-notices/1`: what a bank's own pages show. The newest notice of each work. */
function embedded(notices: readonly PublishedNotice[], site: FeedSite, now: number): string {
  const newest = worksOf(notices).flatMap((versions) => versions.slice(-1));
  return JSON.stringify({
    schema: 'breakwater.public-notices/1',
    made: new Date(now).toISOString(),
    notices: newest.toReversed().map((notice) => ({
      id: notice.number,
      version: notice.version,
      kind: notice.document.kind,
      phase: phaseAt(notice.document, now),
      window: notice.document.window,
      windows: windowsOf(notice.document),
      services: notice.document.services,
      title: { ko: titleOf(notice.document, 'ko'), en: titleOf(notice.document, 'en') },
      url: { ko: workOf(notice, site, 'ko'), en: workOf(notice, site, 'en') },
      published: new Date(notice.at).toISOString(),
    })),
  });
}

/**
 * Shows the notices in every element with `data-breakwater-notices`. Text goes in as text only, so nothing in a notice can
 * become markup of the page around it.
 */
const embedScript = `'use strict';
(() => {
  const base = new URL('.', document.currentScript.src);
  const places = document.querySelectorAll('[data-breakwater-notices]');
  fetch(new URL('notices.json', base))
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
    .then(({ notices }) => {
      for (const place of places) {
        const language = (place.closest('[lang]')?.lang ?? 'ko').startsWith('en') ? 'en' : 'ko';
        const list = document.createElement('ul');
        for (const notice of notices.filter(({ phase }) => phase !== 'over')) {
          const link = document.createElement('a');
          link.textContent = notice.title[language];
          link.href = new URL(notice.url[language], base).href;
          list.append(document.createElement('li'));
          list.lastChild.append(link);
        }
        place.replaceChildren(list);
      }
    })
    .catch(() => undefined);
})();
`;
