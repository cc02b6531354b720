import { readAdvisory } from '@breakwater/server/advisory/read';
import type { Command } from 'commander';
import { exit, finish, printJson, printRows, printText, readBinaryFile, withExamples, withJson } from '../frame.ts';

const mostBytes = 64 * 1024 * 1024;

/** `advisory check FILE`. */
export function defineCheck(advisory: Command): void {
  const command = withJson(
    advisory
      .command('check')
      .description(
        'Read an advisory without a server: does it keep the mandatory rules of its format, and what of it is matched? Exit 1 when it breaks a rule.',
      )
      .argument('<file>', 'CSAF 2.0 or 2.1, OSV or CVE JSON; - for standard input'),
  ).action(check);
  withExamples(command, [
    ['./breakwater advisory check advisory.json', 'rules that it breaks, with their number and place'],
  ]);
}

async function check(file: string, { json }: { json?: boolean }): Promise<void> {
  const { document, faults, digest } = await readAdvisory(await readBinaryFile(file, mostBytes));
  if (faults.length > 0) finish(exit.no);
  const { format, id, publisher, revision, vulnerabilities, affected, notes } = document;
  const packages = affected.map(({ package: { name, distro }, intervals }) => ({
    name,
    distro,
    intervals: intervals.length,
  }));
  if (json === true) {
    return printJson({
      schema: 'breakwater.advisory-check/1',
      format,
      id,
      publisher,
      revision,
      digest,
      vulnerabilities,
      packages,
      faults,
      notes,
    });
  }
  printText(`${format} ${id}  ${vulnerabilities.join(', ')}  패키지 ${packages.length} · packages`);
  printRows(notes, '규격 위반 없음, 모두 대조 가능 · no rule is broken and all of it can be matched');
}
