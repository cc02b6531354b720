import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { cleanNetworks, readCustomers, startBank, startLoad, type Bank } from './index.ts';

const privileged = process.getuid?.() === 0 && canMakeNamespaces();
const open: Bank[] = [];
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((bank) => bank.stop()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function bankThat(behaviour: string, name = 'live', inNamespace = false): Promise<Bank> {
  const dir = mkdtempSync(join(tmpdir(), 'bank-'));
  folders.push(dir);
  const bank = await startBank({ dir, name, behaviour, privileged: inNamespace, customers: 20 });
  open.push(bank);
  return bank;
}

/** Runs ./bankctl as a work plan would; answers its exit code. */
function bankctl(bank: Bank, ...words: string[]): number {
  try {
    execFileSync('./bankctl', words, { cwd: bank.dir, stdio: 'ignore' });
    return 0;
  } catch (error) {
    return (error as { status: number }).status;
  }
}

type Body = {
  ok?: boolean;
  version?: string;
  mode?: string;
  krw?: number;
  transactions?: { subject: string; krw: number }[];
  next?: number | null;
};

const get = async (
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Body; state: string | null }> => {
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(5000) });
  return { status: answer.status, body: (await answer.json()) as Body, state: answer.headers.get('x-bank-state') };
};

const pids = async (bank: Bank): Promise<Record<string, number>> => {
  const answer = await bank.control({ op: 'status' });
  const { services } = (answer.ok ? answer.data : {}) as { services: Record<string, { pid: number }> };
  return Object.fromEntries(Object.entries(services).map(([service, { pid }]) => [service, pid]));
};

function canMakeNamespaces(): boolean {
  try {
    execFileSync('ip', ['netns', 'list'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('a bank on loopback', () => {
  let bank: Bank;
  beforeAll(async () => {
    const dir = mkdtempSync(join(tmpdir(), 'bank-'));
    bank = await startBank({ dir, name: 'live', behaviour: 'good', privileged: false, customers: 20 });
  });
  afterAll(async () => {
    await bank.stop();
    rmSync(bank.dir, { recursive: true, force: true });
  });

  test('serves log-in, transfers and cards as processes of their own, and the journey passes', async () => {
    expect(bank.level).toBe('loopback');
    const login = await fetch(`${bank.urls.login}/login`, {
      method: 'POST',
      body: JSON.stringify({ customer: 'probe' }),
    });
    const { session } = (await login.json()) as { session: string };
    expect((await get(`${bank.urls.login}/session`, { authorization: `Bearer ${session}` })).body).toEqual({
      customer: 'probe',
    });
    expect((await get(`${bank.urls.transfer}/transfer/selftest`)).body).toEqual({ ok: true, version: 'v1' });
    expect((await get(`${bank.urls.cards}/cards/selftest`)).body).toEqual({ ok: true, mode: 'account' });
    expect(new Set(Object.values(await pids(bank))).size).toBe(5);
  });

  test('switches a version and back, and answers which one runs by exit code', async () => {
    expect(bankctl(bank, 'is', 'transfer', 'v2')).toBe(1);
    expect(bankctl(bank, 'drain', 'transfer')).toBe(0);
    expect(bankctl(bank, 'is', 'transfer', 'drained')).toBe(0);
    expect((await get(`${bank.urls.transfer}/transfer/selftest`)).state).toBe('drained');
    expect(bankctl(bank, 'switch', 'transfer', 'v2')).toBe(0);
    expect(bankctl(bank, 'is', 'transfer', 'v2')).toBe(0);
    expect(bankctl(bank, 'is', 'transfer', 'drained')).toBe(1);
    expect(bankctl(bank, 'warm-up', 'transfer')).toBe(0);
    expect((await get(`${bank.urls.transfer}/transfer/selftest`)).body.version).toBe('v2');
    expect(bankctl(bank, 'switch', 'transfer', 'v1')).toBe(0);
    expect((await get(`${bank.urls.transfer}/transfer/selftest`)).body.version).toBe('v1');
  });

  test('has statements that slow down while many pages are asked for, and answer again when that ends', async () => {
    const asked = async (): Promise<number> => {
      const since = performance.now();
      expect((await get(`${bank.urls.statement}/statement/selftest`)).body).toEqual({ ok: true });
      return performance.now() - since;
    };
    const usual = await asked();
    const scan = Array.from({ length: 20 }, (_, i) => get(`${bank.urls.statement}/old-page-${i}`));
    expect(await asked()).toBeGreaterThan(10 * 80);
    expect((await Promise.all(scan)).map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 404));
    expect(await asked()).toBeLessThan(usual + 10 * 80);
    expect((await get(`${bank.urls.statement}/statement?account=1`)).status).toBe(401);
  });

  test('goes on with cards while transfers are isolated, and takes transfers back', async () => {
    const own = await bankThat('good');
    expect(bankctl(own, 'isolate', 'transfer')).toBe(0);
    expect((await get(`${own.urls.transfer}/transfer/selftest`)).state).toBe('isolated');
    expect((await get(`${own.urls.cards}/cards/selftest`)).body).toEqual({ ok: true, mode: 'stand-in' });
    expect(bankctl(own, 'rejoin', 'transfer')).toBe(0);
    expect((await get(`${own.urls.cards}/cards/selftest`)).body).toEqual({ ok: true, mode: 'account' });
  });

  test('finishes a switch although the step that asked for it is gone', async () => {
    const step = connect(bank.ctl);
    await once(step, 'connect');
    step.write('{"op":"switch","service":"transfer","version":"v2"}\n', () => step.destroy());
    await once(step, 'close');
    await expect.poll(() => bankctl(bank, 'is', 'transfer', 'v2'), { timeout: 30_000 }).toBe(0);
    expect((await get(`${bank.urls.transfer}/transfer/selftest`)).body.version).toBe('v2');
  });

  test('hands over to the warm standby', async () => {
    const wrong = await bankThat('wrong-answers');
    bankctl(wrong, 'switch', 'transfer', 'v2');
    expect((await get(`${wrong.urls.transfer}/transfer/selftest`)).status).toBe(500);
    expect(bankctl(wrong, 'failover')).toBe(0);
    expect((await get(`${wrong.urls.transfer}/transfer/selftest`)).body).toEqual({ ok: true, version: 'v1' });
  });

  test('starts a crashed service again', async () => {
    const { transfer: before } = await pids(bank);
    process.kill(before ?? 0, 'SIGKILL');
    await expect.poll(async () => ((await pids(bank)).transfer ?? before) !== before, { timeout: 30_000 }).toBe(true);
    expect((await get(`${bank.urls.transfer}/transfer/selftest`)).status).toBe(200);
  });

  test('refuses wrong use with exit code 2 and an absent supervisor with 3', async () => {
    expect(bankctl(bank, 'explode', 'transfer')).toBe(2);
    expect(bankctl(bank, 'switch', 'loans', 'v2')).toBe(2);
    expect(bankctl(bank, 'switch', 'transfer', 'v9')).toBe(2);
    expect(bankctl(bank, 'switch', 'transfer', '../v1')).toBe(2);
    expect(bankctl(bank, 'status', 'too', 'many')).toBe(2);
    await bank.stop();
    expect(bankctl(bank, 'status')).toBe(3);
  });
});

describe('a bad patch', () => {
  test.each([
    { behaviour: 'errors-after-0.4s', status: 500 },
    { behaviour: 'wrong-answers', status: 500 },
  ])('that $behaviour fails its self-test', async ({ behaviour, status }) => {
    const bank = await bankThat(behaviour);
    expect(bankctl(bank, 'switch', 'transfer', 'v2')).toBe(0);
    await expect
      .poll(async () => (await get(`${bank.urls.transfer}/transfer/selftest`)).status, { timeout: 30_000 })
      .toBe(status);
    expect(bankctl(bank, 'is', 'transfer', 'warm')).toBe(1);
  });

  test('that is slow spreads to cards until transfers are isolated', async () => {
    const bank = await bankThat('slow');
    bankctl(bank, 'switch', 'transfer', 'v2');
    expect((await get(`${bank.urls.cards}/cards/selftest`)).body.mode).toBe('unknown');
    bankctl(bank, 'isolate', 'transfer');
    expect((await get(`${bank.urls.cards}/cards/selftest`)).body.mode).toBe('stand-in');
  });

  test('leaves failed transactions whose sum is the meter and whose list names pseudonyms only', async () => {
    const bank = await bankThat('errors-after-0s');
    const load = startLoad({ dir: bank.dir, urls: bank.urls, customers: 20, rate: 60 });
    await expect.poll(() => load.figures().done > 3, { timeout: 30_000 }).toBe(true);
    expect((await get(`${bank.urls.channel}/failed-amount`)).body).toEqual({ krw: 0, count: 0 });
    const since = new Date().toISOString();
    bankctl(bank, 'switch', 'transfer', 'v2');
    await expect.poll(() => load.figures().failed > 3, { timeout: 30_000 }).toBe(true);
    bankctl(bank, 'switch', 'transfer', 'v1');
    const figures = await load.stop();
    expect(figures.unrecorded).toBe(0);
    const meter = (await get(`${bank.urls.channel}/failed-amount?since=${since}`)).body;
    expect(meter).toEqual({ krw: figures.failedKrw, count: figures.failed });
    expect((await get(`${bank.urls.channel}/failed-transactions`)).status).toBe(401);
    const { transactions = [], next } = (
      await get(`${bank.urls.channel}/failed-transactions`, { authorization: `Bearer ${bank.officeToken}` })
    ).body;
    expect(next).toBe(null);
    expect(transactions.reduce((sum, transaction) => sum + transaction.krw, 0)).toBe(meter.krw);
    const directory = readCustomers(bank.dir);
    const text = JSON.stringify(transactions);
    expect(directory.some(({ phone }) => text.includes(phone))).toBe(false);
    expect(directory.map(({ pseudonym }) => pseudonym)).toContain(transactions[0]?.subject);
  });
});

test('a bank served again after kill -9 of its supervisor runs the same versions and knows the same failures', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'bank-'));
  folders.push(dir);
  const options = { dir, name: 'live', behaviour: 'wrong-answers', privileged: false, customers: 20 };
  const first = await startBank(options);
  bankctl(first, 'switch', 'transfer', 'v2');
  const load = startLoad({ dir, urls: first.urls, customers: 20, rate: 60 });
  await expect.poll(() => load.figures().failed > 3, { timeout: 30_000 }).toBe(true);
  const { failedKrw } = await load.stop();
  const services = Object.values(await pids(first));
  process.kill(first.pid, 'SIGKILL');
  await expect.poll(() => services.filter(alive), { timeout: 30_000 }).toEqual([]);
  const second = await startBank(options);
  open.push(second);
  expect(bankctl(second, 'is', 'transfer', 'v2')).toBe(0);
  expect((await get(`${second.urls.channel}/failed-amount`)).body.krw).toBe(failedKrw);
  bankctl(second, 'switch', 'transfer', 'v1');
  expect((await get(`${second.urls.transfer}/transfer/selftest`)).body.ok).toBe(true);
});

test('a bank whose caller is killed leaves no process behind', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'bank-'));
  folders.push(dir);
  const source = `import { startBank } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
    const bank = await startBank({ dir: process.argv[1], name: 'orphan', behaviour: 'good', privileged: false });
    const status = await bank.control({ op: 'status' });
    console.log(JSON.stringify([bank.pid, ...Object.values(status.data.services).map((s) => s.pid), status.data.standby.pid]));
    setInterval(() => undefined, 1000);`;
  const caller = spawn(process.execPath, ['--input-type=module', '-e', source, dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const processes = await new Promise<number[]>((done) =>
    caller.stdout.once('data', (data: Buffer) => done(JSON.parse(data.toString()) as number[])),
  );
  expect(processes).toHaveLength(7);
  caller.kill('SIGKILL');
  await expect.poll(() => processes.filter(alive), { timeout: 30_000 }).toEqual([]);
});

describe.skipIf(!privileged)('a bank in a network namespace', () => {
  test('two run at once behind veth pairs of their own', async () => {
    const [live, staging] = [await bankThat('good', 'live', true), await bankThat('good', 'staging', true)];
    expect(live.level).toBe('namespace');
    expect(live.urls.transfer).not.toBe(staging.urls.transfer);
    bankctl(staging, 'switch', 'transfer', 'v2');
    expect((await get(`${live.urls.transfer}/transfer/selftest`)).body.version).toBe('v1');
    expect((await get(`${staging.urls.transfer}/transfer/selftest`)).body.version).toBe('v2');
  });

  test('its network is gone after kill -9 of the supervisor', async () => {
    const bank = await bankThat('good', 'live', true);
    const isThere = (): boolean =>
      execFileSync('ip', ['link'], { encoding: 'utf8' }).includes(`sample-bank ${bank.pid} `);
    expect(isThere()).toBe(true);
    process.kill(bank.pid, 'SIGKILL');
    await expect.poll(isThere, { timeout: 30_000 }).toBe(false);
  });

  test('what even the undertaker could not remove is removed by whoever cleans', async () => {
    const bank = await bankThat('good', 'live', true);
    const host = new URL(bank.urls.transfer).hostname;
    const block = (Number(host.split('.')[3]) - 2) / 4;
    const children = readFileSync(`/proc/${bank.pid}/task/${bank.pid}/children`, 'utf8').trim().split(' ').map(Number);
    const undertaker = children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('cat >/dev/null'));
    process.kill(undertaker ?? 0, 'SIGKILL');
    process.kill(bank.pid, 'SIGKILL');
    await expect.poll(() => alive(bank.pid)).toBe(false);
    expect(cleanNetworks()).toContain(`bw-bank${block}`);
  });
});

function alive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
