/** What a stranger reads on the public site, looked at again and again until the announced window closes. */
import { createHash } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { siteFetched } from '@breakwater/rules/notice/record';
import { append } from '#evidence';
import { inTransaction } from '#platform/db';
import { insertFetch, readFetches, watchedPages, type WatchedPage } from './fetch-store.ts';
import type { Publisher } from './publishing.ts';
import type { Log } from '#platform/telemetry';

/** One look at a page. `asPublished`: it came, with exactly the bytes that were published last. */
export type SiteFetch = {
  notice: string;
  url: string;
  at: string;
  status: number | null;
  body: string | null;
  /** The `Date` header: the time by the clock of who served it. */
  servedAt: string | null;
  /** SHA-256 fingerprint of the server's certificate; null without TLS. */
  certificate: string | null;
  asPublished: boolean;
  failure: string | null;
};

const timeoutMs = 10_000;
const mostBytes = 1024 * 1024;

/**
 * Looks at the page of every version that is in force until its window has closed, and writes down what came. A page that is
 * away or says something else is evidence too, and is told to the log.
 */
export async function watchSite(publisher: Publisher & { log: Log }, signal: AbortSignal): Promise<void> {
  const { db, institution, clock, log } = publisher;
  for (const page of await watchedPages(db, institution, clock.now())) {
    signal.throwIfAborted();
    const seen = await look(page, clock.now(), signal);
    if (!seen.asPublished) {
      const { notice, status, failure } = seen;
      log.error({ notice, status, failure }, 'a public notice cannot be read as it was published');
    }
    await inTransaction(db, async (tx) => {
      await insertFetch(tx, institution, seen);
      await append(tx, {
        type: siteFetched.type,
        institution,
        subjects: { plan: page.plan, notice: page.notice },
        actor: { kind: 'system', id: 'notice' },
        at: seen.at,
        payload: { plan: page.plan, ...seen },
      });
    });
  }
}

/** What was seen of a notice's page so far: how often, since when, and the last time that it was not as published. */
export async function visibilityOf(
  { db, institution }: Publisher,
  notice: string,
): Promise<{
  looks: number;
  asPublished: number;
  first: string | null;
  last: string | null;
  lastFault: string | null;
}> {
  const { looks, asPublished, first, last, lastFault } = await readFetches(db, institution, notice);
  const spell = (at: Date | null): string | null => at?.toISOString() ?? null;
  return { looks, asPublished, first: spell(first), last: spell(last), lastFault: spell(lastFault) };
}

async function look({ notice, url, content }: WatchedPage, at: Date, signal: AbortSignal): Promise<SiteFetch> {
  const nothing = { status: null, body: null, servedAt: null, certificate: null };
  const seen = await get(url, signal).then(
    (answer) => ({ ...answer, failure: null }),
    (error: NodeJS.ErrnoException) => ({ ...nothing, failure: error.code ?? error.name }),
  );
  return { notice, url, at: at.toISOString(), ...seen, asPublished: seen.status === 200 && seen.body === content };
}

/** One GET without a redirect, a cache or a cookie. */
async function get(
  url: string,
  signal: AbortSignal,
): Promise<Pick<SiteFetch, 'status' | 'body' | 'servedAt' | 'certificate'>> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const call = send(
      url,
      {
        agent: false,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        headers: { 'user-agent': 'breakwater', 'cache-control': 'no-cache' },
      },
      resolve,
    );
    call.on('error', reject);
    call.end();
  });
  const socket = answer.socket as Partial<TLSSocket>;
  const certificate = socket.getPeerCertificate?.().fingerprint256 ?? null;
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of answer) {
    size += (chunk as Buffer).length;
    if (size > mostBytes) {
      answer.destroy();
      throw Object.assign(new Error('the page is too large'), { code: 'TOO_LARGE' });
    }
    hash.update(chunk as Buffer);
  }
  return {
    status: answer.statusCode ?? null,
    body: `sha256:${hash.digest('hex')}`,
    servedAt: answer.headers.date ?? null,
    certificate,
  };
}
