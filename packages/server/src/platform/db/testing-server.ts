import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { connect } from './connect.ts';
import { connectionUrlOf, startEmbeddedPostgres } from './embedded.ts';
import { migrate } from './migrate.ts';
import { isAlive } from './processes.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    databaseServer: string;
  }
}

/** Database that is migrated once a test run and copied for each test database. */
export const templateDatabase = 'breakwater_template';

const folderPrefix = 'breakwater-test-';

/** Vitest global setup: one PostgreSQL for the test run, gone with it however it ends. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers();
  const dataDir = await mkdtemp(join(tmpdir(), folderPrefix));
  const server = await startEmbeddedPostgres({
    dataDir,
    log: () => undefined,
    durable: false,
    dieWithParent: true,
    maxConnections: 300,
  });
  const admin = connectionUrlOf(server.url, 'postgres');
  const client = new pg.Client({ connectionString: admin });
  await client.connect();
  await client.query(`create database ${templateDatabase}`);
  await client.end();
  const template = connect(connectionUrlOf(server.url, templateDatabase), { role: 'owner', max: 1 });
  await migrate(template);
  await template.destroy();
  project.provide('databaseServer', admin);
  return async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}

/** Folders of runs that were killed before they could clean up: PostgreSQL died with them, the files did not. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(folderPrefix)) continue;
    const folder = join(tmpdir(), name);
    const owner = Number(await readFile(join(folder, 'owner'), 'utf8').catch(() => 'NaN'));
    if (Number.isInteger(owner) && !(await isAlive(owner))) await rm(folder, { recursive: true, force: true });
  }
}
