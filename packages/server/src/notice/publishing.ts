/** Putting notices on the public site: files first, then the record that says they could be read. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '@breakwater/rules/evidence';
import {
  noticeDigest,
  noticeFields,
  phaseAt,
  serviceStateOf,
  versionHash,
  type Notice,
} from '@breakwater/rules/notice';
import { noticePublished } from '@breakwater/rules/notice/record';
import { append } from '#evidence';
import { planAnnounced } from '#plan';
import type { Clock } from '#platform/clock';
import { inTransaction, type Db, type Tx } from '#platform/db';
import {
  chainOf,
  insertPublication,
  insertVersion,
  lastVersion,
  listVersions,
  lockSite,
  readServices,
  unchained,
  versionOf,
  type VersionRow,
} from './chain-store.ts';
import { announcedBy } from './proof.ts';
import { folderTarget, type SiteTarget } from './site/export.ts';
import { siteFiles } from './site/files.ts';
import { versionPath, workPath, type Observed, type PublishedNotice } from './site/published.ts';
import { readNotice } from './store.ts';

export type Publisher = {
  db: Db;
  clock: Clock;
  institution: string;
  /**
   * Folder of the static site, where else it is written to, and the address under which customers see it (without a slash at
   * the end). A notice is published when it is in all of them.
   */
  site: { dir: string; copies?: readonly SiteTarget[]; url: string };
  /** Leaves what else follows on a new version, in the transaction that publishes it. */
  publishedNew?(tx: Tx, notice: string): Promise<void>;
};

/** `url` is the page of the version, which stays; `page` is that of the work, which always shows its newest notice. */
export type Published = { at: string; url: string; page: string; content: string; version: number; hash: string };

const listed = 100;

/**
 * Writes the pages of all published notices of a plan and of `id` (each lists the others), and those about all works.
 * `by`: the person; null = the system. Published twice, a page says the same with a newer time. `check` is asked once nobody
 * else can publish, with the notice published last; what it throws leaves everything as it was.
 */
export async function publishPlan(
  publisher: Publisher,
  plan: string,
  id: string | null,
  by: string | null,
  check: (last: Notice['kind'] | null) => void = () => undefined,
): Promise<Published> {
  const { db, clock, institution, site } = publisher;
  return inTransaction(db, async (tx) => {
    await lockSite(tx, institution);
    await chainOlder(tx, institution);
    const now = clock.now();
    const before = await listVersions(tx, institution, { limit: listed });
    const isNew = id !== null && (await versionOf(tx, institution, id)) === null;
    if (isNew) check(before.findLast((row) => row.plan === plan)?.document.kind ?? null);
    const added = isNew ? [await addVersion(tx, institution, plan, id, now)] : [];
    const all = [...before, ...added].map(publishedNotice);
    const number = added[0] === undefined ? before.find((row) => row.plan === plan) : added[0];
    if (number === undefined) throw new Error(`the plan ${plan} has no public notice`);
    const shown = all.filter((notice) => notice.number === numberOf(number));
    const observed = await readServices(tx, institution);
    const files = await siteFiles({ shown, notices: all, observed, url: site.url, now: now.getTime() });
    for (const target of [folderTarget(site.dir), ...(site.copies ?? [])]) await target.write(files);
    const published: Published[] = [];
    for (const notice of shown) {
      const previous = shown.find(({ version }) => version === notice.version - 1)?.digest ?? null;
      published.push(await recordPublication(tx, publisher, { plan, notice, previous, observed, files, now, by }));
    }
    if (isNew) {
      const actor = by === null ? ({ kind: 'system', id: 'notice' } as const) : ({ kind: 'person', id: by } as const);
      await planAnnounced(tx, institution, plan, { notice: id, at: now.toISOString(), by: actor });
      await publisher.publishedNew?.(tx, id);
    }
    const own = published.find((_, i) => shown[i]?.id === id) ?? published.at(-1);
    if (own === undefined) throw new Error(`the plan ${plan} has no public notice`);
    return own;
  });
}

async function recordPublication(
  tx: Tx,
  { institution, site }: Publisher,
  given: {
    plan: string;
    notice: PublishedNotice;
    previous: string | null;
    observed: Observed;
    files: ReadonlyMap<string, string | Uint8Array>;
    now: Date;
    by: string | null;
  },
): Promise<Published> {
  const { plan, notice, previous, observed, files, now, by } = given;
  const path = versionPath('ko', notice);
  const url = `${site.url}/${path}`;
  const content = sha256(files.get(`${path}index.html`) ?? '');
  const at = now.toISOString();
  await insertPublication(tx, institution, {
    notice: notice.id,
    publishedAt: now,
    phase: phaseAt(notice.document, now.getTime()),
    content,
    url,
    shown: shownBy(notice, observed, now.getTime()),
  });
  await append(tx, {
    type: noticePublished.type,
    institution,
    subjects: { plan, notice: notice.id },
    actor: by === null ? { kind: 'system', id: 'notice' } : { kind: 'person', id: by },
    at,
    payload: {
      notice: notice.id,
      plan,
      kind: notice.document.kind,
      channel: 'website',
      at,
      fields: noticeFields(notice.document),
      announced: announcedBy(notice.document),
      content,
      url,
      document: notice.digest,
      previous,
      version: notice.version,
      hash: notice.hash,
    },
  });
  const { version, hash } = notice;
  return { at, url, page: `${site.url}/${workPath('ko', notice.number)}`, content, version, hash };
}

/** Publishes again the pages that no longer say the truth about the work, its services or its messages. */
export async function refreshSite(publisher: Publisher): Promise<void> {
  const { db, clock, institution } = publisher;
  const now = clock.now().getTime();
  const rows = await listVersions(db, institution, { limit: listed });
  const observed = await readServices(db, institution);
  const stale = rows.filter((row) => row.shown !== shownBy(publishedNotice(row), observed, now));
  for (const plan of new Set(stale.map((row) => row.plan))) await publishPlan(publisher, plan, null, null);
}

/** What a page says that can change without a new version, as a digest. */
function shownBy({ document, toldAt }: PublishedNotice, observed: Observed, now: number): string {
  const states = document.services.map((service) => serviceStateOf(document, observed.get(service) ?? null, now));
  return sha256(canonicalJson({ phase: phaseAt(document, now), states, toldAt }));
}

/** Puts a notice at the end of its chain. */
async function addVersion(tx: Tx, institution: string, plan: string, id: string, at: Date): Promise<VersionRow> {
  const row = await readNotice(tx, institution, id);
  if (row === null) throw new Error(`there is no notice ${id}`);
  const { year, serial } = await chainOf(tx, institution, plan, yearInKorea(at));
  const last = await lastVersion(tx, institution, plan);
  const [version, previous] = [(last?.version ?? 0) + 1, last?.hash ?? null];
  const [digest, hash] = [noticeDigest(row.document), versionHash(previous, row.document)];
  await insertVersion(tx, institution, { plan, version, notice: id, document: digest, previous, hash });
  const { document } = row;
  return {
    id,
    plan,
    year,
    serial,
    version,
    document,
    digest,
    hash,
    publishedAt: at,
    shown: null,
    url: '',
    toldAt: null,
  };
}

/** Makes versions of what was published before chains were kept, in the order in which it was written down. */
async function chainOlder(tx: Tx, institution: string): Promise<void> {
  for (const { id, plan, at } of await unchained(tx, institution)) await addVersion(tx, institution, plan, id, at);
}

function publishedNotice({
  id,
  version,
  document,
  digest,
  hash,
  publishedAt,
  toldAt,
  ...row
}: VersionRow): PublishedNotice {
  return {
    id,
    number: numberOf(row),
    version,
    document,
    digest,
    hash,
    at: publishedAt.getTime(),
    toldAt: toldAt?.getTime() ?? null,
  };
}

function numberOf({ year, serial }: Pick<VersionRow, 'year' | 'serial'>): string {
  return `${year}-${serial}`;
}

function yearInKorea(at: Date): number {
  return new Date(at.getTime() + 9 * 3_600_000).getUTCFullYear();
}

function sha256(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
