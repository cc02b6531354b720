import { rmSync, writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { formatVerifierKey, parsePolicy } from '@breakwater/rules/evidence';
import { checkPolicy } from '@breakwater/verify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Http, createHttp } from '#platform/http';
import { createLog, createMetrics } from '#platform/telemetry';
import { type TestDatabase, testDatabase } from '../platform/db/testing.ts';
import { type Desk, ORIGIN, appendEach, desk } from './evidence.testing.ts';
import { checkpointFolder } from './outside.ts';
import { latestCheckpoint } from './read.ts';
import { witnessRoutes } from './routes.ts';
import { type Witness, addLog, createWitnessState, openWitness } from './witness.ts';
import type { KnownWitness } from './witness-client.ts';

const NAME = 'witness.example/w1';
let database: TestDatabase;
let at: Desk;
let folder: string;
let witness: Witness;
let app: Http;
let known: KnownWitness;
beforeEach(async () => {
  database = await testDatabase();
  at = desk();
  folder = join(at.folder, 'witness');
  const signer = at.signer(NAME, 'witness');
  await createWitnessState(folder, signer);
  await addLog(folder, signer, formatVerifierKey(at.signer().key));
  witness = await openWitness(folder, signer, () => new Date());
  app = await createHttp({
    log: createLog('silent'),
    metrics: createMetrics(),
    access: 'public',
    bodyLimitBytes: 65_536,
    requestTimeoutSeconds: 10,
  });
  witnessRoutes(app, witness);
  await app.listen({ host: '127.0.0.1', port: 0 });
  known = { key: signer.key, url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/` };
});
afterEach(async () => {
  await app.close();
  await witness.close();
  await at.clear();
  await database.drop();
});

const policy = (): string =>
  `log ${formatVerifierKey(at.signer().key)}\nwitness w1 ${formatVerifierKey(known.key)}\nquorum w1\n`;

describe('a log with a witness', () => {
  test('has its checkpoints cosigned, so that a policy with a quorum is met', async () => {
    const log = at.log(database.url, { witnesses: [known] });
    await log.open();
    for (const [from, to] of [
      [0, 3],
      [3, 300],
      [300, 301],
    ] as const) {
      await appendEach(database.db, from, to);
      await log.flush();
      expect(await log.cosign()).toBe(1);
      const checkpoint = await latestCheckpoint(database.db);
      const verdict = checkPolicy(parsePolicy(policy()), checkpoint?.note ?? '', Date.now());
      expect(verdict).toMatchObject({ quorum: true, cosigned: [{ witness: { name: 'w1' } }] });
      expect(verdict.log).not.toBeNull();
    }
    expect(await log.cosign()).toBe(1);
  }, 60_000);

  test('is cosigned by itself while it runs', async () => {
    const log = at.log(database.url, { witnesses: [known] });
    await log.start();
    await appendEach(database.db, 0, 3);
    await log.flush();
    await expect
      .poll(async () => (await latestCheckpoint(database.db))?.note, { timeout: 10_000 })
      .toContain(`\u2014 ${NAME} `);
  });

  test('finds out what the witness has seen when the database forgot it, and is cosigned from there', async () => {
    const log = at.log(database.url, { witnesses: [known] });
    await log.open();
    await appendEach(database.db, 0, 3);
    const checkpoint = await log.flush();
    expect(await witness.addCheckpoint(`old 0\n\n${checkpoint?.note}`)).toMatchObject({ status: 200 });
    await appendEach(database.db, 3, 5);
    await log.flush();
    expect(await log.cosign()).toBe(1);
  });

  test('refuses to sign when the witness has seen more than the database holds', async () => {
    const log = at.log(database.url, { witnesses: [known] });
    await log.open();
    await appendEach(database.db, 0, 5);
    await log.flush();
    await log.cosign();
    const empty = await testDatabase();
    const outside = checkpointFolder(join(at.folder, 'lost'));
    await expect(at.log(empty.url, { witnesses: [known], outside }).open()).rejects.toMatchObject({
      code: 'evidence.rewound',
      message: expect.stringContaining(`the witness ${NAME} names 5`),
    });
    const unwatched = at.log(empty.url, { outside });
    await unwatched.open();
    await appendEach(empty.db, 0, 2);
    await unwatched.flush();
    const blind = at.log(empty.url, { outside, witnesses: [{ ...known, url: 'http://127.0.0.1:9/' }] });
    await blind.open();
    await appendEach(empty.db, 2, 3);
    await blind.flush();
    expect(await blind.cosign()).toBe(0);
    expect(blind.refusal).toBeNull();
    await empty.drop();
  });

  test('stops signing when the witness answers with a size beyond its own while it runs', async () => {
    const ahead = at.log(database.url, { witnesses: [known] });
    await ahead.open();
    await appendEach(database.db, 0, 5);
    await ahead.flush();
    const empty = await testDatabase();
    const log = at.log(empty.url, { witnesses: [known], outside: checkpointFolder(join(at.folder, 'lost')) });
    await log.open();
    await ahead.cosign();
    await appendEach(empty.db, 0, 2);
    await log.flush();
    expect(await log.cosign()).toBe(0);
    expect(log.refusal).toMatchObject({ code: 'evidence.rewound' });
    await expect(log.checkpoint()).rejects.toMatchObject({ code: 'evidence.rewound' });
    await empty.drop();
  });
});

describe('a witness', () => {
  test('never cosigns two trees of one log, whatever is asked at the same time', async () => {
    const log = at.log(database.url);
    await log.open();
    const notes: string[] = [];
    for (let n = 0; n < 6; n += 1) {
      await appendEach(database.db, n, n + 1);
      notes.push((await log.flush())?.note ?? '');
    }
    const answers = await Promise.all(notes.map((note) => witness.addCheckpoint(`old 0\n\n${note}`)));
    expect(answers.map((answer) => answer.status)).toEqual([200, 409, 409, 409, 409, 409]);
    expect(answers[5]).toMatchObject({ type: 'text/x.tlog.size', body: '1\n' });
  });

  test('remembers what it cosigned across a restart, and is one process at a time', async () => {
    const log = at.log(database.url);
    await log.open();
    await appendEach(database.db, 0, 4);
    const note = (await log.flush())?.note;
    await witness.addCheckpoint(`old 0\n\n${note}`);
    const signer = at.signer(NAME, 'witness');
    await expect(openWitness(folder, signer, () => new Date())).rejects.toMatchObject({ code: 'witness.in-use' });
    await witness.close();
    witness = await openWitness(folder, signer, () => new Date());
    expect(await witness.addCheckpoint(`old 0\n\n${note}`)).toMatchObject({ status: 409, body: '4\n' });
    expect(await witness.addCheckpoint(`old 4\n\n${note}`)).toMatchObject({ status: 200 });
  });

  test('whose memory is lost, broken or another witness\u2019s refuses to start', async () => {
    const signer = at.signer(NAME, 'witness');
    await witness.close();
    await expect(
      openWitness(folder, at.signer('witness.example/w2', 'witness'), () => new Date()),
    ).rejects.toMatchObject({ code: 'witness.other-key' });
    const text = readFileSync(join(folder, 'witness.json'), 'utf8');
    writeFileSync(join(folder, 'witness.json'), text.slice(0, 40));
    await expect(openWitness(folder, signer, () => new Date())).rejects.toMatchObject({ code: 'witness.state-lost' });
    rmSync(join(folder, 'witness.json'));
    await expect(openWitness(folder, signer, () => new Date())).rejects.toMatchObject({ code: 'witness.state-lost' });
    await expect(addLog(folder, signer, formatVerifierKey(at.signer().key))).rejects.toMatchObject({
      code: 'witness.state-lost',
    });
    await expect(openWitness(join(folder, 'nowhere'), signer, () => new Date())).rejects.toMatchObject({
      code: 'witness.state-lost',
    });
  });

  test('takes over the lock of a process that is gone', async () => {
    await witness.close();
    writeFileSync(join(folder, 'lock'), '999999999');
    witness = await openWitness(folder, at.signer(NAME, 'witness'), () => new Date());
    await expect(openWitness(folder, at.signer(NAME, 'witness'), () => new Date())).rejects.toMatchObject({
      code: 'witness.in-use',
    });
  });

  test.each([
    ['', 400],
    ['old 0\n', 400],
    ['old 00\n\nx', 400],
    ['old 1\nnothing\n\nbank.example/log\n1\nKgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\u2014 x AAAAAAA=\n', 400],
    ['old 0\n\nother.example/log\n1\nKgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\u2014 x AAAAAAA=\n', 404],
    ['old 0\n\n__proto__\n1\nKgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\u2014 x AAAAAAA=\n', 404],
    [`old 0\n\n${ORIGIN}\n1\nKgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\u2014 x AAAAAAA=\n`, 403],
  ])('answers %j with %i', async (body, status) => {
    const answer = await fetch(`${known.url}add-checkpoint`, { method: 'POST', body });
    expect(answer.status).toBe(status);
  });
});
