/** Pages as they are left, for consoles that watch. Restricted pages are not among them. */
import type { Platform } from '#platform';
import { listen } from '#platform/db';
import { newestPage, pageChannel, readPagesAfter, type Page } from './store.ts';

const batch = 100;

/**
 * Pages after the one of id `after` (null = from now on), for ever, until the signal aborts. Each stream listens on a
 * connection of its own; what was told while it was away is read after it is back.
 */
export async function* followPages(
  { db, databaseUrl, config, log }: Pick<Platform, 'db' | 'databaseUrl' | 'config' | 'log'>,
  after: number | null,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  let wake = (): void => undefined;
  let isTold = true;
  const told = (): void => {
    isTold = true;
    wake();
  };
  signal.addEventListener('abort', told, { once: true });
  const { institution } = config;
  let last = after ?? (await newestPage(db, institution));
  const listener = listen(databaseUrl, [pageChannel], {
    name: 'breakwater pages',
    onNotify: told,
    onConnect: told,
    onLost: (error) => log.warn({ error }, 'the connection for pages was lost'),
  });
  try {
    while (!signal.aborted) {
      if (!isTold) await new Promise<void>((resolve) => (wake = resolve));
      isTold = false;
      for (;;) {
        const pages = signal.aborted ? [] : await readPagesAfter(db, institution, last, batch);
        for (const page of pages) {
          last = page.id;
          yield page;
        }
        if (pages.length < batch) break;
      }
    }
  } finally {
    await listener.close();
  }
}
