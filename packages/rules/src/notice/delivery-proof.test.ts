import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deliveryLeaf, DeliveryTree, provesDelivery, type Delivery, type DeliveryProof } from './delivery-proof.ts';
import { stalledAfterMs as stalledMs } from './gate.ts';
import { gatewayToSwitchTo, isStalled } from './progress.ts';
import { proofLevelOf } from './proof-level.ts';

const delivery = (n: number): Delivery => ({
  schema: 'breakwater.delivery/1',
  notice: 'n-1',
  channel: 'sms',
  recipient: String(n).padStart(40, '0'),
  text: `sha256:${'a'.repeat(64)}`,
  state: 'delivered',
  code: 'DELIVRD',
  submittedAt: '2026-11-28T01:00:00.000Z',
  acceptedAt: '2026-11-28T01:00:00.000Z',
  settledAt: '2026-11-28T01:00:02.000Z',
  viewedAt: null,
  certificate: null,
});

function proofOf(n: number, leaves: number): DeliveryProof {
  const tree = new DeliveryTree(Array.from({ length: leaves }, (_, at) => deliveryLeaf(delivery(at))));
  return {
    schema: 'breakwater.delivery-proof/1',
    delivery: delivery(n),
    batch: 1,
    index: n,
    leaves,
    path: tree.path(n),
    root: tree.root(),
  };
}

describe('a proof of delivery', () => {
  test('holds for every place of every batch, and for no other delivery, place or root', () => {
    const place = fc
      .integer({ min: 1, max: 70 })
      .chain((leaves) => fc.record({ leaves: fc.constant(leaves), n: fc.nat({ max: leaves - 1 }) }));
    fc.assert(
      fc.property(place, ({ leaves, n }) => {
        const proof = proofOf(n, leaves);
        expect(provesDelivery(proof)).toBe(true);
        expect(provesDelivery({ ...proof, delivery: { ...proof.delivery, state: 'failed' } })).toBe(false);
        expect(provesDelivery({ ...proof, delivery: { ...proof.delivery, submittedAt: null } })).toBe(false);
        expect(provesDelivery({ ...proof, root: `sha256:${'0'.repeat(64)}` })).toBe(false);
        if (leaves > 1) expect(provesDelivery({ ...proof, index: (n + 1) % leaves })).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the level of proof', () => {
  const facts = { state: 'waiting', submittedAt: null, acceptedAt: null, viewedAt: null, certificate: null };
  const at = '2026-11-28T01:00:00.000Z';
  test.each([
    [{}, null],
    [{ state: 'submitted', submittedAt: at }, 'submitted'],
    [{ state: 'submitted', submittedAt: at, acceptedAt: at }, 'accepted'],
    [{ state: 'failed', submittedAt: at, acceptedAt: at }, 'accepted'],
    [{ state: 'refused', submittedAt: at }, null],
    [{ state: 'delivered', submittedAt: at, acceptedAt: at }, 'delivered'],
    [{ state: 'delivered', submittedAt: at, acceptedAt: at, viewedAt: at }, 'viewed'],
    [{ state: 'delivered', submittedAt: at, acceptedAt: at, viewedAt: at, certificate: 'c-1' }, 'certificate'],
  ])('of %j is %s', (changes, level) => {
    expect(proofLevelOf({ ...facts, ...changes })).toBe(level);
  });
});

describe('a sending that does not get on', () => {
  const silent = { isSending: true, silentMs: stalledMs, gatewaySilentMs: stalledMs, gateway: 1, gateways: 2 };
  test.each([
    [{}, 2],
    [{ silentMs: stalledMs - 1 }, null],
    [{ isSending: false }, null],
    [{ gatewaySilentMs: stalledMs - 1 }, null],
    [{ gatewaySilentMs: null }, 2],
    [{ gateways: 1 }, null],
    [{ gateway: 2 }, null],
  ])('with %j is given to gateway %s', (changes, to) => {
    expect(gatewayToSwitchTo({ ...silent, ...changes })).toBe(to);
  });

  test('has stalled after a minute, unless it is held or over', () => {
    expect([isStalled(silent), isStalled({ ...silent, silentMs: stalledMs - 1 })]).toEqual([true, false]);
    expect(isStalled({ ...silent, isSending: false })).toBe(false);
  });
});
