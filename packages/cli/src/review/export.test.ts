import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyDossier } from '@breakwater/verify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { command, type Ended } from '../command.testing.ts';
import { after, before, journalDrafts, run } from '../../../../conformance/dossier/course.ts';
import { keys } from '../../../../conformance/dossier/trust.ts';
import { evidenceLog, recordsAbout } from '../../../server/src/evidence/index.ts';
import { apiVersion, createHttp, listenOnSocket, type Http } from '../../../server/src/platform/http/index.ts';
import { createLog, createMetrics } from '../../../server/src/platform/telemetry/index.ts';
import { testPlatform, type TestPlatform } from '../../../server/src/review/review.testing.ts';
import { reviewRoutes } from '../../../server/src/review/routes.ts';

let at: TestPlatform;
let app: Http;
let folder: string;

beforeAll(async () => {
  at = await testPlatform();
  await at.append([...before(), ...journalDrafts(0), ...after()]);
  const options = {
    log: createLog('silent'),
    metrics: createMetrics(),
    bodyLimitBytes: 65_536,
    requestTimeoutSeconds: 30,
  };
  app = await createHttp({ ...options, access: { token: 'x'.repeat(32) } });
  await app.register(async (versioned) => reviewRoutes(versioned, at.platform), { prefix: apiVersion });
  folder = at.platform.config.dataDir;
  mkdirSync(at.platform.config.runDir, { recursive: true });
  await listenOnSocket(app, join(at.platform.config.runDir, 'api.sock'));
});
afterAll(async () => {
  await app.close();
  await at.close();
});

const cli = (...argv: string[]): Promise<Ended> =>
  command(argv, { env: { BREAKWATER_RUN_DIR: at.platform.config.runDir } });

/** A command on dossiers. */
const breakwater = (...argv: string[]) => cli('dossier', ...argv);

test('export writes the dossier and what it is verified with, and list names it', async () => {
  const [out, pdf, policy, keysFile] = ['d.zip', 'd.pdf', 'policy', 'keys.json'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  const asked = [
    'export',
    run,
    '--out',
    out,
    '--pdf',
    pdf,
    '--policy',
    policy,
    '--keys',
    keysFile,
    '--as-of',
    '2026-11-17T00:00:00+09:00',
  ];
  const { status, stdout, stderr } = await breakwater(...asked, '--json');
  expect([status, stderr]).toEqual([0, '']);
  const said = JSON.parse(stdout) as {
    schema: string;
    manifest: string;
    dossier: string;
    assessment: { schema: string };
  };
  expect(said).toMatchObject({
    schema: 'breakwater.export/1',
    dossier: out,
    pdf,
    policy,
    keys: keysFile,
    assessment: { schema: 'breakwater.assessment/1' },
  });
  const { result, checks } = await verifyDossier(readFileSync(out), { policy: readFileSync(policy), keys });
  expect(checks.filter((check) => check.result !== 'passed')).toEqual([]);
  expect(result).toBe('passed');
  expect(readFileSync(pdf).subarray(0, 5).toString()).toBe('%PDF-');
  expect(JSON.parse(readFileSync(keysFile, 'utf8'))).toMatchObject({ schema: 'breakwater.keys/1' });
  const listed = await breakwater('list', run, '--json');
  expect(JSON.parse(listed.stdout)).toMatchObject({ dossiers: [{ manifest: said.manifest }] });

  const again = await breakwater(...asked, '--json');
  expect(again.status).toBe(2);
  expect(JSON.parse(again.stdout)).toMatchObject({ error: { code: 'file.exists', path: out } });
});

test('a run that the log does not hold is exit 2 with its code, and says nothing was sealed', async () => {
  const { status, stdout } = await breakwater('export', 'no-such-run', '--out', join(folder, 'none.zip'), '--json');
  expect(status).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'run.not-found' } });
  expect(JSON.parse((await breakwater('list', 'no-such-run', '--json')).stdout)).toMatchObject({ dossiers: [] });
});

test('for people it says what was found, in both languages', async () => {
  const { status, stdout } = await breakwater('export', run, '--out', join(folder, 'people.zip'));
  expect(status).toBe(0);
  expect(stdout).toContain('어긋나는 기준 · contradicted');
  expect(stdout).toContain('press-derived; primary text not seen');
});

test('what persons state about fault and causes is recorded by review', async () => {
  const declared = await cli(
    'review',
    'declare',
    run,
    '--subject',
    'p-03',
    '--intent',
    'no',
    '--serious-loss',
    'yes',
    '--by',
    'p-17',
    '--json',
  );
  expect([declared.status, JSON.parse(declared.stdout)]).toEqual([0, { run }]);
  const caused = await cli(
    'review',
    'cause',
    run,
    'd-1',
    'other',
    '--evidence',
    'ticket-7',
    'ticket-8',
    '--by',
    'p-17',
    '--json',
  );
  expect([caused.status, JSON.parse(caused.stdout)]).toEqual([0, { run }]);
  await evidenceLog(at.platform).flush();
  const records = await recordsAbout(at.platform.db, { run });
  const newest = (type: string) => records.findLast((record) => 'leaf' in record && record.leaf.type === type);
  expect(newest('review.fault-declared')).toMatchObject({
    payload: { subject: 'p-03', intent: false, grossNegligence: null, consumerLossSerious: true },
  });
  expect(newest('review.cause-classified')).toMatchObject({
    payload: { disruption: 'd-1', cause: 'other', evidence: ['ticket-7', 'ticket-8'] },
  });
  expect((await cli('review', 'declare', run, '--subject', 'p-03', '--intent', 'maybe', '--by', 'p-17')).status).toBe(
    2,
  );
});

test('a case goes from its opening to the result by case, and says that the result does not bind', async () => {
  const case_ = async (...argv: string[]) => cli('case', ...argv, '--json');
  const { stdout } = await case_('open', 'application', '--run', run, '--title', '이체 패치', '--by', 'p-07');
  const { case: id } = JSON.parse(stdout) as { case: string };
  const sealed = await case_('seal', id, '--by', 'p-07');
  expect(JSON.parse(sealed.stdout)).toMatchObject({ versions: [{ number: 1 }] });
  const time = '2026-11-20T09:00:00+09:00';
  await case_('file', id, '--at', time, '--reference', 'OUT-1', '--by', 'p-07');
  const outside = await case_('position', id, 'Q0', '--text', '이유', '--by', 'p-07');
  expect(outside.status).toBe(2);
  const told = ['--at', time, '--reference', 'FSS-1', '--text', '통지', '--by', 'p-07'];
  expect(JSON.parse((await case_('result', id, 'accords', ...told)).stdout)).toMatchObject({
    result: { binding: false },
  });
  expect((await case_('result', id, 'accords', ...told)).status).toBe(1);
  expect((await cli('case', 'letter', id)).stdout).toContain('구속력이 없습니다');
  expect((await cli('clock', 'list', run)).stdout).toContain('user-cause-and-result');
});
