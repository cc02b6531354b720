import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Schemas } from '@breakwater/client';
import type { Command } from 'commander';
import { printJson, printText, readBinaryFile, withExamples, withJson } from '../frame.ts';
import { importEach } from '../each-file.ts';
import { localServer } from '../server.ts';

/** Largest file that is sent, bytes. */
const mostBytes = 128 * 1024 * 1024;

type Options = { by: string; readers?: string; json?: boolean };
type Taken = Schemas['AdvisoryTaken'];
type Outcome = { file: string; taken: Taken };

/** `advisory import FILE…`. */
export function defineImport(advisory: Command): void {
  const command = withJson(
    advisory
      .command('import')
      .description(
        'Take in advisories (CSAF, OSV, CVE JSON), KEV, EPSS and VEX. Each file whole or not at all. What an authority sent is proven by `advisory receive`.',
      )
      .argument('<files...>', 'files or folders')
      .requiredOption('--by <person>', 'who imports it, by pseudonym')
      .option('--readers <persons>', 'who alone may read it: pseudonyms with commas; needed for TLP:RED'),
  ).action(importFiles);
  withExamples(command, [
    ['./breakwater advisory import rhsa-2026_0142.json --by p-17', 'a document in CSAF, matched at once'],
    ['./breakwater advisory import osv/ kev.json epss_scores.csv.gz --by p-17', 'a folder of OSV records, and lists'],
  ]);
}

async function importFiles(given: string[], options: Options): Promise<void> {
  const files = (await Promise.all(given.map(filesOf))).flat();
  const [only] = files;
  if (only !== undefined && files.length === 1) {
    const outcome = await importFile(only, options);
    if (options.json !== true) return printText(spell(outcome));
    return printJson(outcome.taken);
  }
  await importEach(files, { schema: 'breakwater.advisory-imports/1', json: options.json === true }, (file) =>
    importFile(file, options),
  );
}

async function importFile(file: string, { by, readers }: Options): Promise<Outcome> {
  const bytes = await readBinaryFile(file, mostBytes);
  const { data } = await localServer().POST('/advisories/intake', {
    params: { query: { by, source: file, ...(readers === undefined ? {} : { readers }) } },
    headers: { 'content-type': 'application/octet-stream' },
    body: bytes,
    bodySerializer: (body: unknown) => body as Uint8Array<ArrayBuffer>,
  });
  if (data === undefined) throw new Error('the server answered without content');
  return { file, taken: data };
}

/** A folder stands for its files, in the order of their names. */
async function filesOf(path: string): Promise<string[]> {
  if (path === '-' || !(await stat(path).catch(() => null))?.isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

function spell({ taken }: Outcome): string {
  const { kind, advisory, entries, changed } = taken;
  if (advisory === null) return `${kind}: ${entries ?? 0}건${changed === null ? '' : `, 변경 ${changed}건`} · entries`;
  const { id, change, matches, faults } = advisory;
  const broken = faults === 0 ? '' : `  규격 위반 ${faults} · rules of its format broken`;
  return `${id}  ${change}  일치 ${matches.matches} (+${matches.added} -${matches.removed}) · matches${broken}`;
}
