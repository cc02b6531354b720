import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createUnanswered } from './unanswered.ts';

test('what is kept is found by its number, once, and numbers repeat for nobody who waits', () => {
  const step = fc.record({ adds: fc.boolean(), pick: fc.nat(), asks: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 600 }), (steps) => {
      const kept = createUnanswered<number>();
      const model = new Map<number, number>();
      const used = new Set<number>();
      steps.forEach(({ adds, pick, asks }, value) => {
        if (asks) {
          const other = kept.other();
          expect(used.has(other)).toBe(false);
          used.add(other);
          expect(kept.take(other)).toBe(null);
        } else if (adds && model.size < 100) {
          const sequence = kept.add(value);
          expect([used.has(sequence), sequence > 0, sequence <= 0x7fffffff]).toEqual([false, true, true]);
          used.add(sequence);
          model.set(sequence, value);
        } else {
          const sequence = [...model.keys()][pick % Math.max(1, model.size)] ?? pick;
          expect(kept.take(sequence)).toBe(model.get(sequence) ?? null);
          model.delete(sequence);
          expect(kept.take(sequence)).toBe(null);
        }
        expect(kept.size).toBe(model.size);
        expect(kept.least((one) => one)).toBe(model.size === 0 ? null : Math.min(...model.values()));
      });
      expect(kept.takeAll().toSorted((a, b) => a - b)).toEqual([...model.values()].toSorted((a, b) => a - b));
      expect([kept.size, kept.takeAll()]).toEqual([0, []]);
    }),
  );
});
