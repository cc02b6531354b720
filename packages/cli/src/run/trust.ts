/** `host invite`, `enrol-here`, `lever`, `stop`, `certificates`, `revoke`, `rotate`: hosts on other machines, by TLS. */
import { writeFile } from 'node:fs/promises';
import {
  connectGuardd,
  enrolHere,
  formatTlsAddress,
  GuarddRefused,
  installCertificate,
  NotEnrolled,
  NotTrusted,
  requestCertificate,
} from '@breakwater/guardd';
import { BreakwaterError } from '@breakwater/rules';
import type { Command } from 'commander';
import {
  exit,
  finish,
  NotChecked,
  printJson,
  printRows,
  printText,
  readTextFile,
  withExamples,
  withJson,
} from '../frame.ts';
import { localServer, readConfig } from '../server.ts';

interface Json {
  readonly json?: boolean;
}

/** Where a host is found: the path of a socket as it is, `tls://ADDRESS:PORT` with the credentials that are shown there. */
export function addressOf(name: string, at: string, credentials: string): string {
  if (!at.startsWith('tls:')) return at;
  const url = URL.parse(at);
  if (url === null || url.port === '')
    throw new BreakwaterError(
      'usage.address',
      `${JSON.stringify(at)} is no address such as tls://10.0.0.5:8490`,
      '--at',
    );
  return formatTlsAddress({ host: url.hostname, port: Number(url.port), name, credentials });
}

/** Adds what is about hosts on other machines to `host`. */
export function defineTrust(host: Command): void {
  withExamples(
    withJson(
      host
        .command('invite')
        .description('A one-time code by which the guardd of another machine enrols itself, within an hour.')
        .argument('<host>', 'name of the host, as plans call it')
        .requiredOption('--out <file>', 'where the code is written (0600); must not exist')
        .action(invite),
    ),
    [['./breakwater host invite app-1 --out app-1.code', 'carry the file to the host, then host enrol-here there']],
  );
  withExamples(
    withJson(
      host
        .command('enrol-here')
        .description('Enrol this machine at its server, by the code of host invite.')
        .requiredOption('--server <url>', 'address of the server: https://…, or http:// on loopback')
        .requiredOption('--code-file <file>', 'file with the code; - reads it from standard input')
        .option('--run-dir <dir>', 'folder of guardd; default: the setting runDir')
        .action(enrol),
    ),
    [
      [
        './breakwater host enrol-here --server https://breakwater.bank.example --code-file app-1.code',
        'then: guardd --host app-1 --listen 10.0.0.5:8490',
      ],
    ],
  );
  withExamples(
    withJson(
      host
        .command('lever')
        .description('Credentials of somebody who may stop runs on hosts of other machines, and nothing else.')
        .argument('<name>', 'who holds them, such as night-desk')
        .requiredOption('--out <dir>', 'folder that key and certificate are put into')
        .action(lever),
    ),
    [['./breakwater host lever night-desk --out /etc/breakwater/lever', 'for host stop, without any server']],
  );
  withExamples(
    withJson(
      host
        .command('stop')
        .description('Stop runs on another machine straight at its guardd. Needs neither server nor database.')
        .argument('<host>', 'name of the host')
        .requiredOption('--at <address>', 'where its guardd listens, such as tls://10.0.0.5:8490')
        .requiredOption('--credentials <dir>', 'folder of host lever')
        .requiredOption('--by <name>', 'who stops')
        .option('--run <run>', 'one run; default: every run, and no new one until the lever is taken away')
        .option('--hold', 'no further step; what runs goes on')
        .option('--abort-all', 'also the recovery')
        .action(stop),
    ),
    [
      [
        './breakwater host stop app-1 --at tls://10.0.0.5:8490 --credentials /etc/breakwater/lever --by night-desk',
        'cut everything on app-1',
      ],
    ],
  );
  withJson(
    host
      .command('certificates')
      .description('Certificates of servers, levers and hosts on other machines.')
      .action(certificates),
  );
  withJson(
    host
      .command('revoke')
      .description('Revoke a certificate: it counts no more, and open connections with it end.')
      .argument('<serial>', 'see host certificates')
      .requiredOption('--reason <text>', 'why; it stays in the evidence')
      .action(revoke),
  );
  withJson(
    host
      .command('rotate')
      .description(
        'Give a host a new key and certificate now. Otherwise they are renewed ten days before they run out.',
      )
      .argument('<host>', 'name of the host')
      .action(rotate),
  );
}

async function invite(name: string, { out, json }: Json & { out: string }): Promise<void> {
  // The file is made before the code: a code that could not be kept would be lost.
  await writeFile(out, '', { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    throw new BreakwaterError('file.exists', `${out} cannot be made (${error.code ?? 'failed'})`, '--out');
  });
  const { data } = await localServer().POST('/hosts/{host}/invitation', { params: { path: { host: name } } });
  if (data === undefined) throw new Error('the server answered without content');
  await writeFile(out, `${data.code}\n`);
  if (json === true) printJson({ schema: 'breakwater.host-invitation/1', host: name, file: out, until: data.until });
  else printText(`→ ${out}  ${data.until}`);
}

async function enrol({
  server,
  codeFile,
  runDir,
  json,
}: Json & { server: string; codeFile: string; runDir?: string }): Promise<void> {
  const code = await readTextFile(codeFile, 1024);
  try {
    const { identity, notAfter } = await enrolHere(runDir ?? readConfig().runDir, server, code);
    if (json === true) printJson({ schema: 'breakwater.host-enrolment/1', host: identity.name, notAfter });
    else printText(`${identity.name}  ${notAfter.toISOString()}`);
  } catch (error) {
    if (!(error instanceof NotEnrolled || error instanceof NotTrusted)) throw error;
    throw new NotChecked('host.not-enrolled', error.message, server);
  }
}

async function lever(name: string, { out, json }: Json & { out: string }): Promise<void> {
  const request = await requestCertificate(out);
  const { data } = await localServer().POST('/host-certificates', { body: { name, request } });
  if (data === undefined) throw new Error('the server answered without content');
  const { notAfter } = installCertificate(out, data.certificate, { certificate: data.authority, digest: data.digest });
  if (json === true) printJson({ schema: 'breakwater.lever/1', name, folder: out, notAfter });
  else printText(`→ ${out}  ${notAfter.toISOString()}`);
}

interface Stop extends Json {
  readonly at: string;
  readonly credentials: string;
  readonly by: string;
  readonly run?: string;
  readonly hold?: true;
  readonly abortAll?: true;
}

async function stop(name: string, { at, credentials, by, run, hold, abortAll, json }: Stop): Promise<void> {
  if (hold === true && abortAll === true)
    throw new BreakwaterError('usage.lever', 'either --hold or --abort-all', '--hold');
  const address = addressOf(name, at, credentials);
  const guardd = await connectGuardd(address).catch((error: unknown) => {
    throw new NotChecked('host.away', error instanceof Error ? error.message : String(error), at);
  });
  try {
    const pulled = hold === true ? 'hold' : abortAll === true ? 'abort-all' : 'cut';
    const { stopped } = await guardd.ask({ type: 'stop', run: run ?? null, lever: pulled, by });
    if (json === true) printJson({ schema: 'breakwater.host-stop/1', host: name, lever: pulled, stopped });
    else
      printRows(
        stopped.map((one) => `${one.run}  ${one.method}  ${one.latencyMs === null ? '–' : `${one.latencyMs} ms`}`),
        '실행 중인 작업이 없습니다 · nothing was running',
      );
  } catch (error) {
    if (!(error instanceof GuarddRefused)) throw error;
    process.stderr.write(`${error.message}\n`);
    finish(exit.no);
  } finally {
    guardd.end();
  }
}

async function certificates({ json }: Json): Promise<void> {
  const { data } = await localServer().GET('/host-certificates');
  const rows = data?.certificates ?? [];
  if (json === true) return printJson({ schema: 'breakwater.host-certificates/1', certificates: rows });
  printRows(
    rows.map(
      ({ serial, role, name, notAfter, revokedAt }) =>
        `${serial}  ${role}  ${name}  ${revokedAt === null ? `until ${notAfter}` : `revoked ${revokedAt}`}`,
    ),
    '인증서가 없습니다 · no certificate yet: breakwater host invite',
  );
}

async function revoke(serial: string, { reason, json }: Json & { reason: string }): Promise<void> {
  const { data } = await localServer().POST('/host-certificates/{serial}/revoke', {
    params: { path: { serial } },
    body: { reason },
  });
  const untold = data?.untold ?? [];
  if (json === true) printJson({ schema: 'breakwater.host-certificate-revoked/1', serial, untold });
  else
    printText(
      untold.length === 0
        ? `revoked ${serial}`
        : `revoked ${serial}; these hosts hear of it when they come back: ${untold.join(', ')}`,
    );
}

async function rotate(name: string, { json }: Json): Promise<void> {
  await localServer().POST('/hosts/{host}/rotate', { params: { path: { host: name } } });
  if (json === true) printJson({ schema: 'breakwater.host-rotated/1', host: name });
  else printText(name);
}
