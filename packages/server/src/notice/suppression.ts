/** Those who get no notices: by keyed hash and reason, never by number. Whoever is on the list counts as intended and as suppressed. */
import { suppressionChanged } from '@breakwater/rules/notice/record';
import { append } from '#evidence';
import { inTransaction } from '#platform/db';
import { readAddress } from './address.ts';
import type { AddressKind } from './channels/channel.ts';
import type { RecipientList } from './loading.ts';
import { suppressionKey } from './recipients.ts';
import type { SendingPlatform } from './sending.ts';
import { deleteSuppressions, insertSuppressions } from './steering-store.ts';

/** Why somebody gets no notices. */
export const suppressionReasons = ['wrong-number', 'deceased', 'customer-request', 'closed-account'] as const;
export type SuppressionReason = (typeof suppressionReasons)[number];

export type SuppressionChange = {
  institution: string;
  addresses: AddressKind;
  by: string;
} & ({ act: 'add'; reason: SuppressionReason } | { act: 'remove' });

const partSize = 1000;

/**
 * Adds the addresses of a list to those who get no notices, or takes them out. Returns how many that changed, and the lines
 * that are no address; the others are done also when some are not.
 */
export async function changeSuppressions(
  platform: SendingPlatform,
  change: SuppressionChange,
  list: RecipientList,
): Promise<{ changed: number; rejected: number[] }> {
  const { institution, addresses, by } = change;
  const { pepper } = platform.secrets();
  const rejected: number[] = [];
  let changed = 0;
  let keys = new Set<string>();
  const write = async (): Promise<void> => {
    if (keys.size === 0) return;
    const part = [...keys];
    keys = new Set();
    const at = platform.clock.now();
    changed += await inTransaction(platform.db, async (tx) => {
      const count =
        change.act === 'add'
          ? await insertSuppressions(
              tx,
              institution,
              part.map((key) => ({ key, reason: change.reason })),
              { by, at },
            )
          : await deleteSuppressions(tx, institution, part);
      const reason = change.act === 'add' ? change.reason : null;
      await append(tx, {
        type: suppressionChanged.type,
        institution,
        subjects: {},
        actor: { kind: 'person', id: by },
        at: at.toISOString(),
        payload: { act: change.act, reason, count, by, at: at.toISOString() },
      });
      return count;
    });
  };
  let count = 0;
  for await (const item of list) {
    count += 1;
    const { line, text } = typeof item === 'string' ? { line: count, text: item } : item;
    const read = readAddress(addresses, text);
    if ('reason' in read) rejected.push(line);
    else keys.add(suppressionKey(pepper, institution, read.address));
    if (keys.size === partSize) await write();
  }
  await write();
  return { changed, rejected };
}
