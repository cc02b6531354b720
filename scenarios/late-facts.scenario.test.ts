/**
 * Facts that come late: damage that crosses the limit three weeks after the work, a leak found after two months. The first
 * dossier stays true of its date, byte for byte; each new one opens with what changed, and all of them verify.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readContainer, verifyDossier } from '@breakwater/verify';
import { evidenceRecord, type EvidenceRecord } from '../packages/rules/src/evidence/record.ts';
import { formerDossier, changesBetween } from '../packages/rules/src/review/index.ts';
import { assessmentSchema, listPacks, parseFacts } from '../packages/rules/src/criteria/index.ts';
import { after, before, journalDrafts, run } from '../conformance/dossier/course.ts';
import { keys } from '../conformance/dossier/trust.ts';
import { createRelief, type ReliefDoor } from '../packages/server/src/relief/index.ts';
import { dossierBytes, exportDossier, reassessmentOf, trustOf } from '../packages/server/src/review/index.ts';
import { institution, testPlatform, type TestPlatform } from '../packages/server/src/review/review.testing.ts';
import { casesToRun, notePassed, type FaultCase } from './cases.ts';

const scenario = 'late-facts';
const dayMs = 86_400_000;
const by = 'p-07';

let at: TestPlatform;
let relief: ReliefDoor;
beforeAll(async () => {
  at = await testPlatform();
  await at.append([...before(), ...journalDrafts(0), ...after()]);
  relief = createRelief({
    db: at.platform.db,
    clock: at.clock,
    institution,
    pepper: () => Buffer.alloc(32, 7),
    unseal: (_claim, sealed) => sealed.toString(),
    notices: {
      customersAreNamedBy: () => 'phone',
      tellingsOfPlan: async () => [],
      toldNumber: async () => null,
      announced: async () => ({ company: null, phone: null, services: [] }),
      submit: async () => '',
      sendPrefilled: async () => null,
    },
  });
});
afterAll(() => at.close());

type Exported = Awaited<ReturnType<typeof exportDossier>>;
const exported = (): Promise<Exported> => exportDossier(at.platform, { run, pack: null, asOf: null });

const statusOf = ({ assessment }: Pick<Exported, 'assessment'>, criterion: string) =>
  assessment.findings.find((finding) => finding.criterion === criterion)?.status;

async function verified(zip: Uint8Array): Promise<string> {
  const { policy } = await trustOf(at.platform, run);
  const { checks, result } = await verifyDossier(zip, { policy, keys });
  return [
    result,
    ...checks.filter((check) => check.result !== 'passed').map(({ id, detail }) => `${id}: ${detail}`),
  ].join('; ');
}

/** What the members of a dossier say has changed since the one before. */
function openingOf(zip: Uint8Array): { manifest: string; changed: string[] } | null {
  const members = new Map(readContainer(zip).map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)]));
  const records = [...members]
    .filter(([path]) => path.startsWith('records/'))
    .map(([, text]): EvidenceRecord => evidenceRecord.parse(JSON.parse(text)))
    .toSorted((a, b) => a.index - b.index);
  const former = formerDossier(records, run, listPacks());
  if (former === null || former.judged === null) return null;
  const facts = parseFacts(JSON.parse(members.get('facts.json') ?? ''));
  const assessment = assessmentSchema.parse(JSON.parse(members.get('assessment.json') ?? ''));
  const { changes } = changesBetween(former.judged, { facts, assessment });
  return { manifest: former.manifest, changed: changes.map(({ kind, id }) => `${kind}:${id}`) };
}

interface Case extends FaultCase {
  readonly days: number;
  come(): Promise<unknown>;
  readonly changed: readonly string[];
}

const cases: Case[] = [
  {
    kind: 'damage crosses the limit',
    boundary: '21 days after',
    days: 21,
    come: () =>
      relief.recordDamage({
        run,
        type: 'thirdParty',
        state: 'accepted',
        amount: { low: 100_000_000, high: 100_000_000 },
        evidence: [
          { source: 'judgment', digest: `sha256:${'a'.repeat(64)}`, obtainedAt: at.clock.now().toISOString() },
        ],
        by,
      }),
    changed: ['finding:minor.damage'],
  },
  {
    kind: 'leak is found',
    boundary: '60 days after',
    days: 60,
    come: () => {
      const now = at.clock.now().toISOString();
      return relief.enterLeak({
        run,
        entry: {
          source: 'review of access logs',
          discoveredAt: now,
          awareAt: now,
          cause: 'work',
          kind: 'exfiltration',
          illegalExternalAccess: false,
          records: { low: 40, high: 40 },
          persons: { low: 40, high: 40 },
          fields: ['name', 'account-balance'],
        },
        by,
      });
    },
    changed: ['carve-out:personalCredit', 'duty:credit-leak-notice', 'duty:subject-notice'],
  },
];

test.each(casesToRun(scenario, cases))('$kind $boundary', { timeout: 120_000 }, async (each) => {
  const first = await exported();
  expect(await verified(first.zip)).toBe('passed');
  const reassess = reassessmentOf(at.platform);
  expect(await reassess(run)).toBe(null);

  at.clock.advance(each.days * dayMs);
  await each.come();
  const waiting = await relief.changedRuns({ quietMs: 0, everyMs: 60_000 });
  expect(waiting.map((one) => one.run)).toEqual([run]);
  const made = await reassess(run);
  expect(made?.changed).toEqual(expect.arrayContaining([...each.changed]));
  for (const { changedAt } of waiting) await relief.reassessed({ run, changedAt, ...made });
  expect(await relief.changedRuns({ quietMs: 0, everyMs: 0 })).toEqual([]);
  expect((await relief.events({ run })).at(-1)).toMatchObject({ kind: 'assessment-reopened', run });

  const second = await exported();
  expect(await verified(second.zip)).toBe('passed');
  const opening = openingOf(second.zip);
  expect(opening?.manifest).toBe(first.row.manifest);
  expect(opening?.changed).toEqual(expect.arrayContaining([...each.changed]));
  if (each.kind.startsWith('damage')) {
    expect(statusOf(first, 'minor.damage')).not.toBe('not-met');
    expect(statusOf(second, 'minor.damage')).toBe('not-met');
  } else expect(second.assessment.carveOut.personalCredit).toBe('applies');

  const kept = await dossierBytes(at.platform, first.row.manifest);
  expect(Buffer.from(kept).equals(Buffer.from(first.zip))).toBe(true);
  expect(await verified(kept)).toBe('passed');
  notePassed(scenario, each);
});
