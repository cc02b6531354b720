/** What the pages of the inventory compute: pure, so that it is tested without a browser. */
import type { Schemas } from '@breakwater/client/browser';

type Asset = Pick<Schemas['InventoryAsset'], 'id' | 'name' | 'zone' | 'owner' | 'kind'>;

/** Whether every word of a filter stands somewhere in what an asset is called. */
export function matchesFilter({ id, name, zone, owner, kind }: Asset, filter: string): boolean {
  const text = [id, name, zone, owner, kind].join(' ').toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Whether support ended before the day of `now` in Korea. The day itself still has support. */
export function hasEnded(day: string | null, now: Date): boolean {
  const today = new Date(now.getTime() + 9 * 3_600_000).toISOString().slice(0, 10);
  return day !== null && day < today;
}
