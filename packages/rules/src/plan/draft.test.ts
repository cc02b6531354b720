import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draftPlan, type DraftedAsset, type DraftedExposure, type DraftFacts } from './draft.ts';
import { checkPlan } from './readiness.ts';

const asset = (id: string, more: Partial<DraftedAsset> = {}): DraftedAsset => ({
  id,
  owner: 'team-pay',
  zone: 'dmz',
  criticality: 'high',
  internetFacing: true,
  modules: ['transfer-api'],
  services: ['transfer'],
  ...more,
});
const exposure = (type: string, assets: string[], more: Partial<DraftedExposure> = {}): DraftedExposure => ({
  exposure: 'CVE-2026-1234 in 7',
  vulnerability: 'CVE-2026-1234',
  type,
  component: `${type}/debian/openssl`,
  version: '3.0.14-1',
  fixedIn: '3.0.15-1',
  assets,
  ...more,
});
const facts = (more: Partial<DraftFacts> = {}): DraftFacts => ({
  id: 'patch-1',
  institution: 'hanbit-bank',
  author: 'p-03',
  start: '2026-12-06T01:00:00+09:00',
  exposures: [exposure('deb', ['web-01', 'web-02', 'web-03'])],
  assets: [asset('web-01'), asset('web-02', { criticality: 'low' }), asset('web-03')],
  serviceNames: { transfer: { ko: '이체', en: 'Transfers' } },
  advisories: [
    { id: 'FSI-1', disseminatedBy: 'FSI', receivedAt: '2026-12-01T00:00:00Z', proof: 'proven', covers: 'all' },
    { id: 'FSI-2', disseminatedBy: 'FSI', receivedAt: '2026-12-01T00:00:00Z', proof: 'absent', covers: 'all' },
  ],
  earlier: null,
  ...more,
});

describe('a draft', () => {
  test('patches the least weighty machine of a module first, alone, and keeps all but one of the others up', () => {
    const { plan, rings } = draftPlan(facts());
    expect(rings).toEqual([
      { ring: 1, assets: ['web-02'] },
      { ring: 2, assets: ['web-01', 'web-03'] },
    ]);
    expect(plan).toMatchObject({
      activity: 'os-patch',
      advisories: ['FSI-1'],
      fixes: ['CVE-2026-1234'],
      services: ['transfer'],
      groups: [{ id: 'transfer-api', keep: 2, canary: 'web-02' }],
      steps: [
        { id: 'ring-1-apt-web-02', driver: 'apt', on: 'web-02', do: { packages: { openssl: '3.0.15-1' } } },
        { on: 'web-01' },
        { on: 'web-03' },
      ],
    });
  });

  test.each([
    ['deb', 'apt'],
    ['rpm', 'rpm'],
    ['npm', 'manual'],
    ['generic', 'manual'],
  ])('of %s uses the driver %s', (type, driver) => {
    const { plan } = draftPlan(facts({ exposures: [exposure(type, ['web-01'])], assets: [asset('web-01')] }));
    expect(plan['steps']).toMatchObject([{ driver }]);
  });

  test('takes over the surroundings of an earlier plan of the same services, and its rehearsed way back', () => {
    const document = {
      probes: [{ id: 'p' }],
      relief: { claimsUntil: 'P30D', contact: '15881234' },
      steps: ['never'],
      author: 'p-9',
    };
    const { plan, earlier, gaps } = draftPlan(
      facts({ earlier: { document, plan: 'before', rehearsals: 3, rollbackMs: 900 } }),
    );
    expect(plan).toMatchObject({ probes: [{ id: 'p' }], author: 'p-03' });
    expect(earlier).toEqual({ plan: 'before', rehearsals: 3, rollbackMs: 900 });
    expect(gaps.map(({ path }) => path)).not.toContain('/probes');
    expect(gaps.map(({ path }) => path)).not.toContain('/rehearse');
  });

  test('says what nobody knows, and is not ready by itself', () => {
    const { plan, gaps, eligibility } = draftPlan(
      facts({ advisories: [], exposures: [exposure('deb', ['web-01'], { fixedIn: null })], assets: [asset('web-01')] }),
    );
    expect(gaps.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        '/steps/0/do/packages/openssl',
        '/targets/0/hostKeys',
        '/authority',
        '/probes',
        '/advisories',
      ]),
    );
    expect(eligibility).toMatchObject({ covered: 'none', by: [] });
    expect(() => checkPlan(plan)).toThrow(/hostKeys|packages/);
  });

  test('puts every asset in exactly one ring, whatever is known of them', () => {
    const grade = fc.constantFrom('low', 'medium', 'high', 'critical', null);
    const any = fc.record({
      criticality: grade,
      internetFacing: fc.constantFrom(true, false, null),
      modules: fc.subarray(['a', 'b']),
    });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 8 }), (some) => {
        const assets = some.map((one, i) => asset(`s-${i}`, one));
        const { rings } = draftPlan(
          facts({
            assets,
            exposures: [
              exposure(
                'deb',
                assets.map(({ id }) => id),
              ),
            ],
          }),
        );
        const named = rings.flatMap((ring) => ring.assets);
        return named.length === assets.length && new Set(named).size === assets.length;
      }),
    );
  });
});
