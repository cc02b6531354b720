import { parsePolicy } from '@breakwater/rules/evidence';
import { describe, expect, test } from 'vitest';
import { absent, readShared } from './shared-data.ts';

interface Policies {
  cases: { desc: string; policy: string; wantN: number | null; error: string | null }[];
}

describe.skipIf(absent)(`published policies${absent ? `: skipped, ${absent}` : ''}`, () => {
  const { cases } = absent ? { cases: [] } : (readShared('tlog-policy.json') as Policies);

  test.each(cases.map((one) => [one.desc, one] as const))('%s', (_desc, { policy, wantN, error }) => {
    if (error === null) {
      const parsed = parsePolicy(policy);
      const threshold = parsed.groups.find((group) => group.name === parsed.quorum)?.threshold;
      if (wantN === null) expect(threshold).toBeGreaterThan(0);
      else expect(threshold).toBe(wantN);
    } else {
      expect(() => parsePolicy(policy)).toThrow(error.replaceAll('\\"', '"'));
    }
  });
});
