import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, inTransaction, type Db } from '#platform/db';
import { testDatabase, type TestDatabase } from '#platform/db/testing';
import { queryLines } from '../../list-query.ts';
import { GatewayBusy, type Channel, type Message } from '../channel.ts';
import { koreanTime } from '../korean-time.ts';
import { tableChannel } from './channel.ts';
import { databaseAt, ownDatabase, type AgentDatabase } from './database.ts';
import { tableLayouts, type TableLayouts } from './layout.ts';

const never = new AbortController().signal;
const message = (n: number, type: 'SMS' | 'LMS' = 'LMS'): Message => ({
  key: n.toString(16).padStart(40, 'a'),
  to: `0100000${String(n).padStart(4, '0')}`,
  from: '15881234',
  type,
  subject: '[한빛은행] 사전 안내',
  text: "이체가 중단됩니다. '; drop table UMS_MSG; --",
});

/** The agent's tables in the words of each database. */
const agentTables = (time: string, serial: string): string[] => [
  `create table UMS_MSG (CLIENT_KEY varchar(40) primary key, MSG_STATUS varchar(10), REQ_CH varchar(10), TRAFFIC_TYPE varchar(10),
    PHONE varchar(20), CALLBACK_NUMBER varchar(20), TITLE varchar(120), MSG varchar(4000), REQ_DATE ${time}, DONE_CODE varchar(10), DONE_DATE ${time})`,
  `create table SC_TRAN (TR_NUM ${serial}, TR_SENDDATE ${time}, TR_SENDSTAT varchar(1), TR_MSGTYPE varchar(1), TR_PHONE varchar(20),
    TR_CALLBACK varchar(20), TR_MSG varchar(200), TR_ETC1 varchar(160), TR_RSLTSTAT varchar(2), TR_RSLTDATE ${time})`,
  `create table MMS_MSG (MSGKEY ${serial}, SUBJECT varchar(120), PHONE varchar(15), CALLBACK varchar(15), STATUS varchar(2), REQDATE ${time},
    MSG varchar(4000), FILE_CNT integer, TYPE varchar(2), ETC1 varchar(160), RSLT varchar(10), RSLTDATE ${time})`,
  'create unique index sc_tran_key on SC_TRAN (TR_ETC1)',
  `create table K_MESSAGE (CLIENT_KEY varchar(40) primary key, MSG_TYPE varchar(2), STATUS varchar(1), PHONE_NUMBER varchar(20), SENDER_NO varchar(20),
    TITLE varchar(120), MESSAGE varchar(4000), RESERVE_DATE varchar(14), RESULT_CODE varchar(4), RESULT_DATE varchar(14))`,
];

type Run = (statement: string) => Promise<Record<string, unknown>[]>;

function channelOn(database: AgentDatabase, layouts: TableLayouts, isOwn = false): Channel {
  let at = Date.now();
  return tableChannel({ database, layouts, isOwn, perSecond: null, now: () => (at += 1000) });
}

/** What every database must do: each message once, results from the table and from the month's log. */
async function handsOverOnce(database: AgentDatabase, run: Run): Promise<void> {
  const channel = channelOn(database, tableLayouts.ums);
  const messages = Array.from({ length: 60 }, (_, n) => message(n));
  expect(await channel.submit(messages, never)).toHaveLength(60);
  await channel.submit([...messages.slice(30), message(60)], never);
  const rows = await run('select CLIENT_KEY as k, MSG as m, PHONE as p from UMS_MSG order by PHONE');
  expect(rows).toHaveLength(61);
  expect(rows[0]).toMatchObject({ k: message(0).key, m: message(0).text, p: '01000000000' });
  const done = koreanTime(Date.now());
  await run(`update UMS_MSG set MSG_STATUS = 'complete', DONE_CODE = case when PHONE = '01000000007' then '20001' else '10000' end, DONE_DATE = '${done}'
    where PHONE < '01000000050'`);
  await run(
    `create table KV_LOG_${done.slice(0, 7).replace('-', '')} as select * from UMS_MSG where PHONE < '01000000010'`,
  );
  await run(`delete from UMS_MSG where PHONE < '01000000010'`);
  const { reports, position } = await channel.reports(0, never);
  expect(reports).toHaveLength(50);
  expect(reports.filter(({ state }) => state === 'failed')).toMatchObject([
    { about: { key: message(7).key }, code: '20001' },
  ]);
  channel.committed(reports);
  expect((await channel.reports(position, never)).reports).toEqual([]);

  const tran = channelOn(database, tableLayouts['sc-tran']);
  await expect(tran.submit([message(1, 'SMS')], never)).rejects.toMatchObject({
    code: 'notice.table',
    message: expect.stringContaining('create unique index on MMS_MSG (ETC1)'),
  });
  await run('create unique index mms_msg_key on MMS_MSG (ETC1)');
  await tran.submit([message(1, 'SMS'), message(2), message(1, 'SMS')], never);
  await tran.submit([message(1, 'SMS'), message(2)], never);
  expect(await run('select TR_PHONE as p from SC_TRAN')).toEqual([{ p: '01000000001' }]);
  expect(await run('select PHONE as p from MMS_MSG')).toEqual([{ p: '01000000002' }]);

  const kakao = channelOn(database, tableLayouts.kakao);
  await kakao.submit([message(1, 'SMS'), message(2)], never);
  await run(`update K_MESSAGE set STATUS = 'C', RESULT_CODE = '0000', RESULT_DATE = '${done.replace(/\D/g, '')}'`);
  expect(await run('select MSG_TYPE as t from K_MESSAGE order by CLIENT_KEY')).toEqual([{ t: 'XS' }, { t: 'XM' }]);
  expect((await kakao.reports(0, never)).reports).toMatchObject([{ state: 'delivered' }, { state: 'delivered' }]);
}

describe("an agent's table in PostgreSQL", () => {
  let database: TestDatabase;
  let owner: Db;
  let run: Run;
  beforeAll(async () => {
    database = await testDatabase();
    owner = connect(database.url, { role: 'owner' });
    run = async (statement) => (await sql.raw<Record<string, unknown>>(statement).execute(owner)).rows;
    for (const statement of agentTables('timestamp', 'serial primary key')) await run(statement);
    await run('grant select, insert on ums_msg to breakwater_app');
  });
  afterAll(async () => {
    await owner.destroy();
    await database.drop();
  });

  test('is ours: what is handed over is so exactly when we say so', async () => {
    const channel = channelOn(ownDatabase(database.db), tableLayouts.ums, true);
    const count = async () => (await run('select count(*)::int as n from UMS_MSG'))[0]?.['n'];
    const aborted = inTransaction(database.db, async (tx) => {
      await channel.submit([message(1), message(2)], never, tx);
      throw new Error('the worker died');
    });
    await expect(aborted).rejects.toThrow('the worker died');
    expect(await count()).toBe(0);
    await inTransaction(database.db, (tx) => channel.submit([message(1), message(2)], never, tx));
    expect(await count()).toBe(2);
    await run('delete from UMS_MSG');
  });

  test("is the agent's: each message once, results from the table and the month's log", async () => {
    const agent = databaseAt(() => database.url);
    expect(agent.name).not.toMatch(/:[^/@]+@/);
    await handsOverOnce(agent, run);
    await agent.close();
  });

  test('that is away or not there is told apart', async () => {
    const away = databaseAt(() => 'postgres://nobody:nothing@127.0.0.1:1/agent');
    await expect(channelOn(away, tableLayouts.ums).submit([message(1)], never)).rejects.toBeInstanceOf(GatewayBusy);
    const agent = databaseAt(() => database.url);
    const other = {
      SMS: { ...tableLayouts.ums.SMS, table: 'NOTHING' },
      LMS: { ...tableLayouts.ums.LMS, table: 'NOTHING' },
    };
    await expect(channelOn(agent, other).submit([message(1)], never)).rejects.toMatchObject({ code: 'notice.table' });
    await Promise.all([agent.close(), away.close()]);
  });

  test('a query for recipients is read by a cursor, may not write, and its failure quotes nothing', async () => {
    const lines: string[] = [];
    const query = "select '0100000' || lpad(n::text, 4, '0'), 'x' from generate_series(1, 6000) n;";
    for await (const line of queryLines(database.url, query)) lines.push(line);
    expect([lines.length, lines[5999]]).toEqual([6000, '01000006000\n']);
    const all = async (text: string): Promise<void> => {
      for await (const line of queryLines(database.url, text)) lines.push(line);
    };
    await expect(all('select 1/0')).rejects.toMatchObject({
      code: 'list.query',
      message: expect.stringContaining('22012'),
    });
    await expect(all('delete from UMS_MSG returning PHONE')).rejects.toMatchObject({ code: 'list.query' });
  });
});

const mariadbd = ['/usr/sbin/mariadbd', '/usr/sbin/mysqld'].find((file) => existsSync(file));
const installer = '/usr/bin/mariadb-install-db';

describe.skipIf(mariadbd === undefined || !existsSync(installer))(
  "an agent's table in MariaDB (skipped where mariadb-server is not installed)",
  () => {
    let folder: string;
    let server: ChildProcess;
    let url: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'mariadb-'));
      await mkdir(join(folder, 'data'));
      const data = [`--datadir=${join(folder, 'data')}`, '--no-defaults'].toReversed();
      const user = process.getuid?.() === 0 ? ['--user=root'] : [];
      const install = spawn(installer, [...data, ...user, '--auth-root-authentication-method=normal'], {
        stdio: 'ignore',
      });
      await once(install, 'exit');
      const port = await freePort();
      const options = [`--port=${port}`, '--bind-address=127.0.0.1', `--socket=${join(folder, 's')}`, '--skip-log-bin'];
      server = spawn(mariadbd ?? '', [...data, ...user, ...options, `--pid-file=${join(folder, 'pid')}`], {
        stdio: 'ignore',
      });
      url = `mysql://root@127.0.0.1:${port}/agent`;
      const admin = await connected(`mysql://root@127.0.0.1:${port}/`);
      await admin.query('create database agent character set utf8mb4');
      await admin.end();
    }, 60_000);
    afterAll(async () => {
      if (server.exitCode === null) {
        server.kill('SIGKILL');
        await once(server, 'exit');
      }
      await rm(folder, { recursive: true, force: true });
    });

    test("is the agent's: each message once, results from the table and the month's log", async () => {
      const client = await mysql.createConnection({ uri: url, dateStrings: true });
      const run: Run = async (statement) => (await client.query(statement))[0] as Record<string, unknown>[];
      for (const statement of agentTables('datetime', 'int auto_increment primary key')) await run(statement);
      const agent = databaseAt(() => url);
      await handsOverOnce(agent, run);
      const lines: string[] = [];
      for await (const line of queryLines(url, 'select PHONE from MMS_MSG')) lines.push(line);
      expect(lines).toEqual(['01000000002\n']);
      await agent.close();
      await client.end();
    });
  },
);

async function connected(uri: string): Promise<mysql.Connection> {
  const deadline = performance.now() + 40_000;
  for (;;) {
    try {
      return await mysql.createConnection({ uri });
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

async function freePort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  const { port } = listener.address() as AddressInfo;
  await new Promise((done) => listener.close(done));
  return port;
}
