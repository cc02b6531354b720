/** `breakwater.inventory/1`: services, their modules and assets as people write them. */
import { z } from 'zod';
import { BreakwaterError } from '../../error.ts';
import { readDocument } from '../../document.ts';
import { conform } from '../../shape.ts';
import { assetRecord, emptySnapshot, moduleRecord, serviceRecord, type InventorySnapshot } from '../snapshot.ts';

const limits = { maxBytes: 16 * 1024 * 1024, maxDepth: 8, maxNodes: 2_000_000 } as const;

export const inventorySchema = z.strictObject({
  schema: z.literal('breakwater.inventory/1'),
  services: z.array(serviceRecord).max(10_000).default([]),
  modules: z.array(moduleRecord).max(100_000).default([]),
  assets: z.array(assetRecord).max(100_000).default([]),
});

/** Reads a document. Throws BreakwaterError `document.*` or `inventory.*` with the place. */
export function readInventory(source: string): InventorySnapshot {
  const document = readDocument(source, limits);
  const { services, modules, assets } = conform(inventorySchema, document.value, {
    name: 'inventory',
    place: (pointer) => document.place(pointer),
  });
  for (const [list, records] of Object.entries({ services, modules, assets })) {
    const seen = new Set<string>();
    for (const [i, { id }] of records.entries()) {
      const path = `/${list}/${i}/id`;
      if (seen.has(id)) {
        throw new BreakwaterError(
          'inventory.duplicate',
          `${document.place(path)} ${JSON.stringify(id)} is given twice: keep one`,
          path,
        );
      }
      seen.add(id);
    }
  }
  return { ...emptySnapshot, format: 'inventory', services, modules, assets };
}
