import { resolve } from 'node:path';
import { initWitness, serveWitness, watchLog } from '@breakwater/server/evidence';
import { type Command, InvalidArgumentError } from 'commander';
import { exit, finish, printJson, printText, withExamples, withJson } from '../frame.ts';

type Options = { folder: string; json?: true };

/** Adds `witness init`, `witness add-log` and `witness serve`. */
export function defineWitness(evidence: Command): void {
  const witness = evidence
    .command('witness')
    .description(
      'Cosign the logs of others (C2SP tlog-witness). A witness sees origin, size and root of a log, and no record.',
    );

  const init = inFolder(
    witness.command('init').description('Make a witness: a key and an empty memory.'),
  ).requiredOption('--name <name>', 'its name, a URL without scheme such as witness.example/w1');
  withExamples(withJson(init), [
    [
      './breakwater evidence witness init --folder /var/lib/witness --name witness.example/w1',
      'prints its verifier key',
    ],
  ]).action(async (options: Options & { name: string }) => {
    const vkey = await initWitness(resolve(options.folder), options.name);
    if (options.json === true) printJson({ schema: 'breakwater.witness-key/1', vkey });
    else printText(vkey);
  });

  const addLog = inFolder(
    witness
      .command('add-log')
      .description('Let the witness know a log. It must not be running.')
      .argument('<vkey>', 'verifier key of the log'),
  );
  withExamples(withJson(addLog), [
    [
      './breakwater evidence witness add-log --folder /var/lib/witness bank.example/log+1b2c3d4e+AAAA…',
      'cosigned from now on',
    ],
  ]).action(async (vkey: string, options: Options) => {
    await watchLog(resolve(options.folder), vkey);
    if (options.json === true) printJson({ schema: 'breakwater.witness-log/1', vkey });
    else printText('The witness knows the log.');
  });

  const serve = inFolder(witness.command('serve').description('Run the witness until it is stopped.'))
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'TCP port; 0 takes a free one', parsePort, 8490);
  withExamples(withJson(serve), [
    ['./breakwater evidence witness serve --folder /var/lib/witness --port 8490', 'put a TLS proxy in front'],
  ]).action(async (options: Options & { host: string; port: number }) => {
    const stopped = new Promise<void>((done) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
    });
    const served = await serveWitness({ ...options, folder: resolve(options.folder) });
    if (options.json === true)
      printJson({ schema: 'breakwater.witness-serving/1', url: served.url, vkey: served.vkey, pid: process.pid });
    else printText(`The witness answers at ${served.url}\n  ${served.vkey}\nCtrl-C stops it.`);
    await stopped;
    await served.close();
    finish(exit.done);
  });
}

function inFolder(command: Command): Command {
  return command.requiredOption(
    '--folder <path>',
    'folder of its key and memory; an older copy of it must never run again',
  );
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('a port is a number from 0 to 65535.');
  return port;
}
