/** Lists of advisories: ROLIE feeds, provider metadata and aggregators of CSAF (OASIS CSAF 2.0, chapter 7). */
import { z } from 'zod';
import { readJsonText } from '../json.ts';
import { conform } from '../shape.ts';

const mostCharacters = 64 * 1024 * 1024;
const url = z.string().max(2048);
const link = z.looseObject({ rel: z.string(), href: url });
const rolie = z.object({
  feed: z.looseObject({
    entry: z
      .array(
        z.looseObject({
          id: z.string(),
          updated: z.string().optional(),
          link: z.array(link).optional(),
          content: z.looseObject({ src: url }).optional(),
        }),
      )
      .max(200_000)
      .optional(),
  }),
});
const provider = z.object({
  canonical_url: url,
  metadata_version: z.string(),
  distributions: z
    .array(
      z.looseObject({
        directory_url: url.optional(),
        rolie: z.looseObject({ feeds: z.array(z.looseObject({ url })) }).optional(),
      }),
    )
    .max(1000)
    .optional(),
});
const listed = z.looseObject({ metadata: z.looseObject({ url }) });
const aggregator = z.object({
  aggregator_version: z.string(),
  csaf_providers: z.array(listed).max(10_000),
  csaf_publishers: z.array(listed).max(10_000).optional(),
});

export interface FeedEntry {
  readonly url: string;
  /** When it was changed, as the feed says. */
  readonly updated: string | null;
  readonly signature: string | null;
}

/** What a list names: documents, or further lists. */
export interface FeedPage {
  readonly entries: readonly FeedEntry[];
  readonly lists: readonly string[];
  /** Folders whose `changes.csv` names documents. */
  readonly folders: readonly string[];
}

/** Reads a list of any of the three kinds. Throws BreakwaterError `feed.*` with the place. */
export function readFeedPage(source: string): FeedPage {
  const value = readJsonText(source, 'feed', { mostCharacters });
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (keys.includes('feed')) {
    const { feed } = conform(rolie, value, { name: 'feed' });
    const entries = (feed.entry ?? []).flatMap(({ updated, link: links = [], content }): FeedEntry[] => {
      const of = (rel: string): string | null => links.find((one) => one.rel === rel)?.href ?? null;
      const target = content?.src ?? of('self');
      return target === null ? [] : [{ url: target, updated: updated ?? null, signature: of('signature') }];
    });
    return { entries, lists: [], folders: [] };
  }
  if (keys.includes('aggregator_version')) {
    const { csaf_providers: providers, csaf_publishers: publishers = [] } = conform(aggregator, value, {
      name: 'feed',
    });
    return { entries: [], lists: [...providers, ...publishers].map(({ metadata }) => metadata.url), folders: [] };
  }
  const { distributions = [] } = conform(provider, value, { name: 'feed' });
  return {
    entries: [],
    lists: distributions.flatMap((one) => one.rolie?.feeds.map((feed) => feed.url) ?? []),
    folders: distributions.flatMap((one) =>
      one.rolie === undefined && one.directory_url !== undefined ? [one.directory_url] : [],
    ),
  };
}

/** Documents that a `changes.csv` names: `"2026/a.json","2026-11-01T00:00:00Z"` a line. Lines that are none are passed over. */
export function readChanges(source: string, folder: string): FeedEntry[] {
  const base = folder.endsWith('/') ? folder : `${folder}/`;
  return source.split(/\r?\n/).flatMap((line): FeedEntry[] => {
    const [, path, updated] = /^"?([A-Za-z0-9_+./-]+\.json)"?,"?([^",]+)"?$/.exec(line) ?? [];
    if (path === undefined || updated === undefined || path.startsWith('/') || path.includes('..')) return [];
    return [{ url: `${base}${path}`, updated, signature: `${base}${path}.asc` }];
  });
}
