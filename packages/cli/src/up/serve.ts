import { createClient, ServerError, type Schemas } from '@breakwater/client';
import { BreakwaterError } from '@breakwater/rules';
import { endOnFaults, startServer, type Config, type Role, type RunningServer } from '@breakwater/server';
import { InvalidArgumentError, type Command } from 'commander';
import { NotChecked, exit, finish, printJson, printText, startProgress, withExamples, withJson } from '../frame.ts';
import { readConfig } from '../server.ts';

type ServeOptions = { port?: number; sitePort?: number; json?: true };

const knownRoles: readonly Role[] = ['api', 'worker', 'hub'];

/** Adds `up` and `serve`. */
export function defineServe(program: Command): void {
  const up = withPorts(
    program
      .command('up')
      .description('Start everything in one process: embedded PostgreSQL, API, worker, public site.'),
  );
  withExamples(withJson(up), [
    ['./breakwater up', 'start, and stop with Ctrl-C'],
    ['./breakwater up --port 0 --site-port 0 --json', 'on free ports, announced as one JSON document'],
  ]).action((options: ServeOptions) => serve(['api', 'worker'], options));

  const command = withPorts(
    program
      .command('serve')
      .description('Start a server with chosen roles. Any number of them, on any machines, share one PostgreSQL.')
      .requiredOption('--role <roles>', 'api, worker, hub: one or several, with commas', parseRoles),
  );
  withExamples(withJson(command), [
    ['DATABASE_URL=postgres://… ./breakwater serve --role api,worker', 'one machine of several'],
    ['DATABASE_URL=postgres://… ./breakwater serve --role worker', 'one more that only works'],
  ]).action((options: ServeOptions & { role: Role[] }) => serve(options.role, options));
}

function withPorts(command: Command): Command {
  return command
    .option('--port <number>', 'TCP port of the API (setting http.port); 0 takes a free one', parsePort)
    .option('--site-port <number>', 'TCP port of the public site (setting site.port); 0 takes a free one', parsePort);
}

/** Runs a server until a signal asks it to stop; a second one ends it at once. */
async function serve(roles: readonly Role[], options: ServeOptions): Promise<void> {
  const config = readConfig({ 'http.port': options.port, 'site.port': options.sitePort });
  endOnFaults(config);
  const progress = startProgress();
  const stopAsked = firstSignal();
  const server = await start(config, roles, (line) => progress.update(`starting: ${line} …`));
  progress.end();
  announce(server, roles, await signInLink(server, options.json === true), options.json === true);
  await tellWhatIsNotReady(server);
  const signal = await stopAsked;
  progress.update(`${signal}: stopping …`);
  await server.stop();
  progress.end();
  finish(exit.done);
}

async function start(config: Config, roles: readonly Role[], progress: (line: string) => void): Promise<RunningServer> {
  try {
    return await startServer(config, roles, { progress });
  } catch (error) {
    // What stands in the way is on this machine, not in what was asked.
    if (error instanceof BreakwaterError && /^(postgres|migration|http)\./.test(error.code)) {
      throw new NotChecked(error.code, error.message, error.path);
    }
    throw error;
  }
}

function announce(server: RunningServer, roles: readonly Role[], signIn: string | null, json: boolean): void {
  const { apiUrl, siteUrl, socket, embedded } = server;
  if (json) {
    printJson({
      schema: 'breakwater.up/1',
      roles,
      pid: process.pid,
      apiUrl,
      siteUrl,
      socket,
      embeddedPostgres: embedded,
      signIn,
    });
    return;
  }
  const lines = [
    `Breakwater runs (${roles.join(', ')}, pid ${process.pid}).`,
    apiUrl === null ? null : `  console, API ${apiUrl}   (socket ${socket})`,
    siteUrl === null ? null : `  public site  ${siteUrl}`,
    signIn === null ? null : `  sign in      ${signIn}   (once, within 10 minutes; more: ./breakwater sign-in)`,
    `  database     ${embedded === null ? 'at DATABASE_URL' : `embedded PostgreSQL 18 (${embedded})`}`,
    'Ctrl-C stops it.',
  ];
  printText(lines.filter((line) => line !== null).join('\n'));
}

/**
 * A link for the administrator. Where nobody looks, as under a service manager, it is made only until an administrator has
 * signed in: a log is no place for what lets somebody in.
 */
async function signInLink({ socket }: RunningServer, json: boolean): Promise<string | null> {
  if (socket === null) return null;
  const onlyFirst = !json && process.stdout.isTTY !== true;
  try {
    const { data } = await createClient({ socket }).POST('/sign-in-links', { body: { person: null, onlyFirst } });
    return data?.url ?? null;
  } catch (error) {
    if (error instanceof ServerError && error.code === 'sign-in.exists') return null;
    throw error;
  }
}

/** Says on stderr what the server cannot do although it runs, such as signing a log that was rewound. */
async function tellWhatIsNotReady({ socket }: RunningServer): Promise<void> {
  if (socket === null) return;
  try {
    await createClient({ socket }).GET('/readyz');
  } catch (error) {
    const { checks = [] } = (error instanceof ServerError ? error.body : {}) as Partial<Schemas['Readiness']>;
    for (const { id, ok, detail } of checks) {
      if (!ok) process.stderr.write(`breakwater: not ready: ${id}: ${detail ?? 'it does not answer'}\n`);
    }
  }
}

/** The first signal that asks to stop. From then on another one ends the process without waiting. */
function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.once('SIGINT', () => process.exit(130));
        process.once('SIGTERM', () => process.exit(143));
        resolve(signal);
      });
    }
  });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('a port is a number from 0 to 65535.');
  return port;
}

function parseRoles(text: string): Role[] {
  const roles = text.split(',').map((word) => word.trim());
  const wrong = roles.find((word) => !knownRoles.includes(word as Role));
  if (wrong !== undefined) throw new InvalidArgumentError(`'${wrong}' is no role: use ${knownRoles.join(', ')}.`);
  return [...new Set(roles as Role[])];
}
