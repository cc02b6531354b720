/**
 * Everything the demo runs on, all of it real: the live bank and the one that stands in for it, an SMS centre over SMPP,
 * one guardd for each, and a server with its PostgreSQL. Each is a process of its own and can be killed.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, type Client } from '@breakwater/client';
import { findCageLevels } from '@breakwater/guardd';
import { readCustomers, startBank, type Bank } from '@breakwater/sample-bank';
import { endProcessesOf, makeFolder, removeLeftovers } from './leftovers.ts';
import { type Program, startProgram } from './program.ts';
import type { Scenario } from './scenario.ts';
import { freePort, startSmsCentre, type SmsCentre } from './sms-centre.ts';
import { modelEndpoint, startScriptedModel } from './tester.ts';

export const institution = 'hanbit-bank';
/** Customers of the sample bank, each of whom gets a text message. */
const customers = 200;

export type World = {
  readonly dir: string;
  readonly live: Bank;
  readonly staging: Bank;
  readonly client: Client;
  /** Address of the public site, where customers read notices and file claims. */
  readonly site: string;
  /** The server's settings file, by which commands find it. */
  readonly config: string;
  /** Sockets of guardd by execution host. */
  readonly hosts: Readonly<Record<'local' | 'staging', string>>;
  /** kill -9 of the server, as a crash would end it. */
  killServer(): void;
  startServer(): Promise<void>;
};

/** The demo's folder, and how to take down whatever was started on it. */
export type Ground = {
  readonly dir: string;
  /** Names how a part is stopped; parts are stopped in reverse order. */
  holds(stop: () => Promise<void>): void;
  /** Stops every part, kills what is left, removes the folder. Once, however often it is called. */
  close(): Promise<void>;
};

/** Clears what killed demos left behind, and makes the folder of this one. */
export function openGround(): Ground {
  removeLeftovers();
  const dir = makeFolder();
  const stops: (() => Promise<void>)[] = [];
  const end = async (): Promise<void> => {
    for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) await stop().catch(() => undefined);
    endProcessesOf(dir);
    rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  let closed: Promise<void> | null = null;
  return { dir, holds: (stop) => void stops.push(stop), close: () => (closed ??= end()) };
}

/** Starts it all. Rejects when a part does not come up; what had started stays until the ground is closed. */
export async function startWorld(ground: Ground, scenario: Scenario, told: (part: string) => void): Promise<World> {
  const { dir } = ground;
  told('bank');
  const live = await startBank({ dir: join(dir, 'live'), name: 'live', behaviour: scenario.patch, customers });
  ground.holds(() => live.stop());
  // The bank that stands in has the new archive already: a rehearsal cannot show what only the old one does.
  const staging = await startBank({
    dir: join(dir, 'staging'),
    name: 'staging',
    behaviour: 'good',
    archive: 'new',
    customers,
  });
  ground.holds(() => staging.stop());
  const centre = await startSmsCentre(dir);
  ground.holds(() => centre.stop());

  told('guard');
  const targets = Object.keys(live.urls).flatMap((service) => {
    const name = service as keyof Bank['urls'];
    return ['--target', `${live.urls[name]}=${staging.urls[name]}`];
  });
  const tests = scenario.work === 'test' ? await testWords(ground) : [];
  const hosts = {
    local: await startHost(ground, 'local', live.dir, tests),
    staging: await startHost(ground, 'staging', staging.dir, [...targets, ...tests]),
  };

  told('server');
  const sitePort = await freePort();
  const config = writeConfig(dir, hosts, centre, live, sitePort);
  const socket = join(dir, 'run', 'api.sock');
  const client = createClient({ socket });
  let server: Program | null = null;
  ground.holds(async () => server?.stop('SIGTERM'));
  const startServer = async (): Promise<void> => {
    server = await startProgram(['up', '--json'], {
      env: { BREAKWATER_CONFIG: config },
      log: join(dir, 'server.log'),
      ready: () => isReady(client),
    });
  };
  await startServer();
  return {
    dir,
    live,
    staging,
    client,
    site: `http://127.0.0.1:${sitePort}`,
    config,
    hosts,
    startServer,
    killServer() {
      if (server !== null) process.kill(server.pid, 'SIGKILL');
    },
  };
}

/** Starts the model that drives the agent; the words by which a host knows it, and the strongest level that tests can be held at here. */
async function testWords(ground: Ground): Promise<string[]> {
  const model = await startScriptedModel();
  ground.holds(() => model.close());
  const strongest = (await findCageLevels()).find(({ works }) => works);
  const level = strongest === undefined ? [] : ['--cage', strongest.level];
  return ['--model', `${modelEndpoint}=${model.url}`, ...level];
}

async function startHost(ground: Ground, host: string, workdir: string, words: readonly string[]): Promise<string> {
  const { dir } = ground;
  const runDir = join(dir, host === 'local' ? 'run' : `${host}-run`);
  mkdirSync(runDir, { recursive: true, mode: 0o700 });
  const socket = join(runDir, 'guardd', 'orchestrator.sock');
  const guardd = await startProgram(['guardd', '--run-dir', runDir, '--host', host, '--workdir', workdir, ...words], {
    env: {},
    log: join(dir, `guardd-${host}.log`),
    ready: () => existsSync(socket),
  });
  ground.holds(() => guardd.stop('SIGINT'));
  return socket;
}

/**
 * The demo's own settings and company policy: short times, and said to be so wherever they matter. The address of the public
 * site stands in the notice, so its port is known before the server starts.
 */
function writeConfig(dir: string, hosts: World['hosts'], centre: SmsCentre, live: Bank, sitePort: number): string {
  const policyFile = join(dir, 'policy.json');
  writeFileSync(policyFile, JSON.stringify(demoPolicy));
  const config = {
    institution,
    dataDir: join(dir, 'data'),
    runDir: join(dir, 'run'),
    http: { port: 0 },
    site: { port: sitePort },
    hosts: { staging: hosts.staging },
    plan: { policyFile },
    notice: { smpp: centre.settings, customers: writeCustomerLists(dir, live), price: messagePrice, settleSeconds: 3 },
    evidence: { checkpointSeconds: 1 },
    log: { level: 'warn' },
    shutdownSeconds: 5,
  };
  const file = join(dir, 'breakwater.json');
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}

/** Won a message, as such a contract might say. */
const messagePrice = { sms: 9, lms: 27 };

/** Who uses which service: everybody transfers money and reads statements, every second one has a card. */
function writeCustomerLists(dir: string, { dir: bank }: Bank): { service: string; file: string }[] {
  const people = readCustomers(bank);
  const users = { transfer: people, statement: people, cards: people.filter((_, i) => i % 2 === 0) };
  return Object.entries(users).map(([service, customersOf]) => {
    const file = join(dir, 'data', `customers-${service}.csv`);
    writeFileSync(file, customersOf.map(({ phone }) => `${phone}\n`).join(''), { mode: 0o600 });
    return { service, file };
  });
}

/** A bank's policy says PT24H and its own pay days; the demo is over in two minutes and may run on any day. */
export const demoPolicy = {
  schema: 'breakwater.policy/1',
  approvals: { needed: 2 },
  leadTime: 'PT5S',
  channels: ['website', 'sms'],
  limits: { outage: 'PT30S', damage: 30_000_000, records: 0, personalCredit: 0 },
  rehearsals: { atLeast: 3, maxAge: 'P1D' },
  protectedDays: [],
} as const;

async function isReady(client: Client): Promise<boolean> {
  try {
    await client.GET('/readyz');
    return true;
  } catch {
    return false;
  }
}
