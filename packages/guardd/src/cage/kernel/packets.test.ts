import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keepNewest } from './packets.ts';

const header = Buffer.alloc(24, 0xa1);
const packet = (size: number, fill: number): Buffer => {
  const head = Buffer.alloc(16);
  head.writeUInt32LE(size, 8);
  return Buffer.concat([head, Buffer.alloc(size, fill)]);
};

test('a ring is cut to the last whole packets that fit, in their order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 8 }), { minLength: 1, maxLength: 2 }),
      fc.integer({ min: 24, max: 1200 }),
      async (parts, bytes) => {
        const folder = mkdtempSync(join(tmpdir(), 'breakwater-packets-'));
        let count = 0;
        const packets = parts.map((sizes) => sizes.map((size) => packet(size, (count += 1))));
        const files = packets.map((each, i) => {
          const file = join(folder, `ring.pcap${i}`);
          writeFileSync(file, Buffer.concat([header, ...each]));
          return file;
        });
        const to = join(folder, 'packets.pcap');
        writeFileSync(to, '');
        await keepNewest(files, to, bytes);
        const kept = readFileSync(to);
        rmSync(folder, { recursive: true });
        const all = packets.flat();
        let from = all.length;
        let size = header.length;
        while (from > 0 && size + (all[from - 1]?.length ?? 0) <= bytes) size += all[--from]?.length ?? 0;
        const expected = all.length === 0 ? [] : [header, ...all.slice(from)];
        expect(kept.equals(Buffer.concat(expected))).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});
