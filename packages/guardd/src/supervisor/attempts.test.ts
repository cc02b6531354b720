import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { DeniedTraffic } from '@breakwater/rules/containment/record';
import type { JournalEvent } from '@breakwater/rules/guard/record';
import { Attempts } from './attempts.ts';

type Told = Extract<JournalEvent, { type: 'cage.attempts' }>['data'];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const to = (port: number, packets: number): DeniedTraffic => ({ address: '10.0.0.9', port, protocol: 'tcp', packets });

function telling(): { attempts: Attempts; told: Told[] } {
  const told: Told[] = [];
  return { told, attempts: new Attempts((event) => void told.push((event as { data: Told }).data)) };
}

test('the first attempt is told at once, later ones together at a pace, and after a pause at once again', () => {
  const { attempts, told } = telling();
  attempts.take({ packets: 1, destinations: 1, changed: [to(22, 1)] });
  expect(told).toEqual([{ packets: 1, attempts: [to(22, 1)], soFar: { packets: 1, destinations: 1 } }]);
  attempts.take({ packets: 4, destinations: 1, changed: [to(22, 4)] });
  attempts.take({ packets: 6, destinations: 2, changed: [to(22, 5), to(23, 1)] });
  expect(told).toHaveLength(1);
  vi.advanceTimersByTime(300);
  expect(told[1]).toEqual({ packets: 5, attempts: [to(23, 1), to(22, 4)], soFar: { packets: 6, destinations: 2 } });
  vi.advanceTimersByTime(5000);
  expect(told).toHaveLength(2);
  attempts.take({ packets: 7, destinations: 2, changed: [to(23, 2)] });
  expect(told[2]).toEqual({ packets: 1, attempts: [to(23, 1)], soFar: { packets: 7, destinations: 2 } });
});

test('what is counted before its list was read is told without names', () => {
  const { attempts, told } = telling();
  attempts.take({ packets: 70_000, destinations: 0, changed: [] });
  const changed = Array.from({ length: 60 }, (_, port) => to(port, 1));
  attempts.take({ packets: 70_000, destinations: 60, changed });
  attempts.end();
  expect(told.map(({ packets, attempts: named, soFar }) => [packets, named.length, soFar.destinations])).toEqual([
    [70_000, 0, 0],
    [0, 50, 60],
  ]);
});

test('whatever comes and whenever, every packet is in exactly one entry within the pace, and a flood makes few entries', () => {
  const look = fc.record({ after: fc.nat(400), ports: fc.array(fc.nat(5), { minLength: 1, maxLength: 8 }) });
  fc.assert(
    fc.property(fc.array(look, { maxLength: 30 }), (looks) => {
      const { attempts, told } = telling();
      const seen = new Map<number, number>();
      let packets = 0;
      let elapsed = 0;
      for (const { after, ports } of looks) {
        vi.advanceTimersByTime(after);
        elapsed += after;
        for (const port of ports) seen.set(port, (seen.get(port) ?? 0) + 1);
        packets += ports.length;
        const changed = [...new Set(ports)].map((port) => to(port, seen.get(port) ?? 0));
        attempts.take({ packets, destinations: seen.size, changed });
        const waits = packets - told.reduce((sum, one) => sum + one.packets, 0);
        vi.advanceTimersByTime(waits === 0 ? 0 : 300);
        elapsed += waits === 0 ? 0 : 300;
        expect(told.reduce((sum, one) => sum + one.packets, 0)).toBe(packets);
      }
      attempts.end();
      const named = told.flatMap((one) => one.attempts).reduce((sum, one) => sum + one.packets, 0);
      expect(named).toBe(packets);
      expect(told.at(-1)?.soFar ?? { packets: 0, destinations: 0 }).toEqual({ packets, destinations: seen.size });
      expect(told.length).toBeLessThanOrEqual(elapsed / 300 + 1);
    }),
    { numRuns: 50 },
  );
});
