import { BreakwaterError } from '@breakwater/rules';
import { readChanges, readFeedPage, type FeedEntry } from '@breakwater/rules/advisory';
import { sql } from 'kysely';
import type { Config } from '#platform/config';
import type { Db } from '#platform/db';
import type { Log } from '#platform/telemetry';
import { receiveDissemination } from './dissemination.ts';
import { fetchDocument, type FetchOptions } from './fetch.ts';
import { mostIntakeBytes, takeFile } from './intake.ts';

export type Feed = Config['advisory']['feeds'][number];

export interface FeedOptions {
  readonly db: Db;
  readonly institution: string;
  readonly networks: readonly string[];
  /** The proxy for what is outside of them; undefined = none. */
  readonly proxy?: string | undefined;
  readonly log: Log;
  readonly now: Date;
  readonly signal: AbortSignal;
}

export interface Polled {
  /** Documents that were new or changed, and taken in. */
  readonly taken: number;
  readonly failed: number;
}

/** Most lists that one feed leads to, and most documents taken at a time: the rest comes the next time. */
const mostLists = 1_000;
const mostDocuments = 10_000;
const mostListBytes = 64 * 1024 * 1024;
const firstWaitMs = 15 * 60_000;
const mostWaitMs = 24 * 3_600_000;
const system = { kind: 'system', id: 'advisory' } as const;

/** Polls a feed unless it is to be left alone after failures; null then. A document that fails is told and does not stop the others. */
export async function pollFeed(feed: Feed, options: FeedOptions): Promise<Polled | null> {
  const { db, institution, now, log } = options;
  const { rows } = await sql<{ next_at: Date; failures: number }>`
    select next_at, failures from advisory_feed where institution = ${institution} and name = ${feed.name}`.execute(db);
  const [state] = rows;
  if (state !== undefined && state.next_at > now) return null;
  try {
    const polled = feed.kind === 'document' ? await pollDocument(feed, options) : await pollLists(feed, options);
    await keepFeed(feed, options, 0, null);
    return polled;
  } catch (error) {
    const code = error instanceof BreakwaterError ? error.code : 'feed.failed';
    log.warn({ feed: feed.name, code }, 'a feed of advisories could not be read');
    await keepFeed(feed, options, (state?.failures ?? 0) + 1, code);
    return { taken: 0, failed: 1 };
  }
}

async function pollDocument(feed: Feed, options: FeedOptions): Promise<Polled> {
  const taken = await takeEntry(feed, { url: feed.url, updated: null, signature: null }, options);
  return { taken: taken ? 1 : 0, failed: 0 };
}

async function pollLists(feed: Feed, options: FeedOptions): Promise<Polled> {
  const entries = await entriesOf(feed, options);
  const known = await knownOf(feed, options);
  let [taken, failed] = [0, 0];
  for (const entry of entries) {
    if (taken + failed >= mostDocuments || options.signal.aborted) break;
    const before = known.get(entry.url);
    if (before !== undefined && before.error === null && entry.updated !== null && before.updated === entry.updated)
      continue;
    try {
      if (await takeEntry(feed, entry, options)) taken += 1;
    } catch (error) {
      if (!(error instanceof BreakwaterError)) throw error;
      failed += 1;
      options.log.warn({ feed: feed.name, code: error.code }, 'a document of a feed was refused');
      await keepEntry(feed, entry, options, { etag: null, modified: null, error: error.code });
    }
  }
  return { taken, failed };
}

/** Follows lists to documents, each list once. */
async function entriesOf(feed: Feed, options: FeedOptions): Promise<FeedEntry[]> {
  const entries: FeedEntry[] = [];
  const seen = new Set<string>();
  const pending = [feed.url];
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (seen.size > mostLists)
      throw new BreakwaterError('feed.too-large', `a feed leads to at most ${mostLists} lists`, feed.url);
    const page = readFeedPage(textOf(await bodyOf(next, options, mostListBytes), next));
    entries.push(...page.entries);
    pending.push(...page.lists);
    for (const folder of page.folders) {
      const changes = `${folder.replace(/\/$/, '')}/changes.csv`;
      entries.push(...readChanges(textOf(await bodyOf(changes, options, mostListBytes), changes), folder));
    }
  }
  return entries;
}

/** Takes in a document when it changed. Of an authority's feed it is a dissemination too, with the verdict on its signature. */
async function takeEntry(feed: Feed, entry: FeedEntry, options: FeedOptions): Promise<boolean> {
  const { db, institution, now } = options;
  const before = (await knownOf(feed, options)).get(entry.url);
  const answer = await fetchDocument(entry.url, {
    ...limits(options, mostIntakeBytes),
    etag: before?.etag ?? null,
    modified: before?.modified ?? null,
  });
  if (answer.status === 'same') {
    await keepEntry(feed, entry, options, {
      etag: before?.etag ?? null,
      modified: before?.modified ?? null,
      error: null,
    });
    return false;
  }
  const taken = await takeFile(db, institution, answer.body, { source: entry.url, by: system, at: now, readers: null });
  if (feed.authority !== undefined && taken.kind === 'advisory' && taken.document.format === 'csaf') {
    const signature = await fetchSignature(entry, options);
    const received = {
      id: taken.document.id,
      authority: feed.authority,
      channel: 'csaf' as const,
      document: answer.body,
      signature,
      receivedAt: now.toISOString(),
      vulnerabilities: [],
      remediation: null,
    };
    await receiveDissemination(db, institution, received, system, now).catch((error: unknown) => {
      // A newer revision of what was disseminated: the first receipt stands.
      if (!(error instanceof BreakwaterError && error.code === 'dissemination.exists')) throw error;
    });
  }
  await keepEntry(feed, entry, options, { etag: answer.etag, modified: answer.modified, error: null });
  return true;
}

/** Without a signature, or when it cannot be fetched, nothing is proven; that is for the verdict to say. */
async function fetchSignature(entry: FeedEntry, options: FeedOptions): Promise<Buffer | null> {
  try {
    return await bodyOf(entry.signature ?? `${entry.url}.asc`, options, 64 * 1024);
  } catch {
    return null;
  }
}

function limits({ networks, proxy, signal }: FeedOptions, mostBytes: number): FetchOptions {
  return { mostBytes, allowed: networks, proxy, signal };
}

async function bodyOf(url: string, options: FeedOptions, mostBytes: number): Promise<Buffer> {
  const answer = await fetchDocument(url, limits(options, mostBytes));
  if (answer.status === 'same')
    throw new BreakwaterError('feed.status', 'the server says that nothing changed though nothing is kept', url);
  return answer.body;
}

function textOf(bytes: Buffer, url: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BreakwaterError('feed.encoding', 'the list is not UTF-8', url);
  }
}

type Known = { updated: string | null; etag: string | null; modified: string | null; error: string | null };

async function knownOf(feed: Feed, { db, institution }: FeedOptions): Promise<Map<string, Known>> {
  const { rows } = await sql<Known & { url: string }>`
    select url, updated, etag, modified, error from advisory_feed_document where institution = ${institution} and feed = ${feed.name}`.execute(
    db,
  );
  return new Map(rows.map(({ url, ...known }) => [url, known]));
}

async function keepEntry(
  feed: Feed,
  { url, updated }: FeedEntry,
  { db, institution, now }: FeedOptions,
  { etag, modified, error }: Omit<Known, 'updated'>,
): Promise<void> {
  await sql`
    insert into advisory_feed_document (institution, feed, url, updated, etag, modified, error, checked_at)
    values (${institution}, ${feed.name}, ${url}, ${updated}, ${etag}, ${modified}, ${error}, ${now})
    on conflict (institution, feed, url) do update set updated = excluded.updated, etag = excluded.etag, modified = excluded.modified,
      error = excluded.error, checked_at = excluded.checked_at`.execute(db);
}

/** After each failure the wait doubles, up to a day. */
async function keepFeed(
  feed: Feed,
  { db, institution, now }: FeedOptions,
  failures: number,
  error: string | null,
): Promise<void> {
  const wait = failures === 0 ? 0 : Math.min(mostWaitMs, firstWaitMs * 2 ** (failures - 1));
  const next = new Date(now.getTime() + wait);
  await sql`
    insert into advisory_feed (institution, name, checked_at, next_at, failures, last_error)
    values (${institution}, ${feed.name}, ${now}, ${next}, ${failures}, ${error})
    on conflict (institution, name) do update set checked_at = excluded.checked_at, next_at = excluded.next_at,
      failures = excluded.failures, last_error = excluded.last_error`.execute(db);
}
