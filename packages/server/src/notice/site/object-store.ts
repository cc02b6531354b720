/** The site in an object store that speaks the S3 protocol: it stays when every machine of ours is down. */
import { AwsClient } from 'aws4fetch';
import { BreakwaterError } from '@breakwater/rules';
import type { SiteTarget } from './export.ts';

export type ObjectStore = {
  /** `https://host[:port]`, without the bucket. */
  endpoint: string;
  bucket: string;
  /** Folder in the bucket, without slashes around it; empty = the bucket itself. */
  prefix: string;
  region: string;
  accessKeyId: string;
  /** Read for each publication, so that a new one needs no restart. */
  secretAccessKey: () => string;
};

const timeoutMs = 10_000;
const retries = 3;

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  xml: 'application/atom+xml; charset=utf-8',
  ics: 'text/calendar; charset=utf-8',
};

/**
 * Puts each file as an object, one after the other, so that a page is there before anything links to it; the store shows each
 * object as a whole or as it was before. Throws BreakwaterError `notice.object-store` naming the object and the status.
 */
export function objectStoreTarget(store: ObjectStore): SiteTarget {
  return {
    async write(files) {
      const { accessKeyId, region } = store;
      const client = new AwsClient({
        accessKeyId,
        secretAccessKey: store.secretAccessKey(),
        region,
        service: 's3',
        retries,
        initRetryMs: 100,
      });
      for (const [path, content] of files) await put(client, store, path, content);
    },
  };
}

async function put(client: AwsClient, store: ObjectStore, path: string, content: string | Uint8Array): Promise<void> {
  const key = store.prefix === '' ? path : `${store.prefix}/${path}`;
  const url = `${store.endpoint}/${encodeURIComponent(store.bucket)}/${key.split('/').map(encodeURIComponent).join('/')}`;
  const fail = (why: string): BreakwaterError =>
    new BreakwaterError(
      'notice.object-store',
      `${path} was not put into the bucket ${store.bucket} (${why}): check notice.objectStore`,
      'notice.objectStore',
    );
  let answer: Response;
  try {
    answer = await client.fetch(url, {
      method: 'PUT',
      body: typeof content === 'string' ? content : new Uint8Array(content),
      headers: {
        'content-type': types[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
        'cache-control': 'no-cache',
      },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    throw fail(error instanceof Error ? error.name : 'failed');
  }
  // The body tells what a store thinks of a key; only the status is told on.
  await answer.body?.cancel();
  if (!answer.ok) throw fail(String(answer.status));
}
