/** `host`: whose journals are believed, and who may reach which machine. */
import type { Command } from 'commander';
import { connectGuardd } from '@breakwater/guardd';
import { NotChecked, printJson, printRows, printText, withExamples, withJson } from '../frame.ts';
import { localServer, readConfig } from '../server.ts';
import { addressOf, defineTrust } from './trust.ts';

export function defineHost(program: Command): void {
  const host = program.command('host').description('Execution hosts: whose journals are believed.');
  withExamples(
    withJson(
      host
        .command('enrol')
        .description('Enrol the key by which a host signs its journals, as its guardd shows it now.')
        .argument('<host>', 'name of the host, as plans call it')
        .requiredOption('--by <person>', 'who vouches for it, by pseudonym')
        .action(enrol),
    ),
    [['./breakwater host enrol local --by p-17', 'the guardd of this machine']],
  );
  withJson(host.command('list').description('Execution hosts and what they said of themselves.').action(list));
  defineTrust(host);
}

async function enrol(host: string, { by, json }: { by: string; json?: boolean }): Promise<void> {
  const { runDir, dataDir, hosts } = readConfig();
  const at = hosts[host] ?? (host === 'local' ? `${runDir}/guardd/orchestrator.sock` : null);
  const socket = at === null ? null : addressOf(host, at, `${dataDir}/hosts/server`);
  if (socket === null)
    throw new NotChecked('host.unknown', `${host} is not in the setting hosts: add the socket of its guardd`, host);
  const guardd = await connectGuardd(socket).catch((error: unknown) => {
    throw new NotChecked('host.away', error instanceof Error ? error.message : String(error), socket);
  });
  const { publicKey } = guardd.host;
  guardd.end();
  const { data } = await localServer().POST('/hosts', { body: { host, publicKey, by } });
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) printJson({ schema: 'breakwater.host/1', ...data });
  else printText(`${data.host}  ${data.enrolledAt}`);
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const { data } = await localServer().GET('/hosts');
  const hosts = data?.hosts ?? [];
  if (json === true) return printJson({ schema: 'breakwater.hosts/1', hosts });
  printRows(
    hosts.map(
      ({ host, seen }) =>
        `${host}  ${seen === null ? 'never seen' : `${seen.level}  clock ${Math.round(seen.clockOffsetMs)} ms  ${seen.seenAt}`}`,
    ),
    '등록된 실행 호스트가 없습니다 · no execution host yet: breakwater host enrol',
  );
}
