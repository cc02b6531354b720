import { findingFormats, mostFindingBytes, type FindingFormat } from '@breakwater/server/containment/import';
import type { Command } from 'commander';
import { Option } from 'commander';
import { printJson, printText, readBinaryFile, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';

type ImportOptions = { format: FindingFormat; run: string; by: string; asset?: string; json?: boolean };

/** `finding import FILE`. */
export function defineImport(finding: Command): void {
  const command = withJson(
    finding
      .command('import')
      .description('Keep the findings of a tool’s file under a run: all of them, or none when the file is bad.')
      .argument(
        '<file>',
        'XML of nmap or OpenVAS, JSON lines of nuclei or of our testers, SARIF 2.1.0; - for standard input',
      )
      .addOption(formatOption('--format <format>', 'what the file is').makeOptionMandatory())
      .requiredOption('--run <id>', 'the run in which they were found')
      .requiredOption('--by <person>', 'who imports them: a pseudonym such as p-03')
      .option('--asset <name>', 'whose findings these are when they name a file instead of a host')
      .action(importFindings),
  );
  withExamples(command, [
    [
      './breakwater finding import scan.xml --format nmap --run 0190… --by p-03',
      'open ports and what scripts say is vulnerable',
    ],
    ['nuclei -jsonl … | ./breakwater finding import - --format nuclei --run 0190… --by p-03', 'from standard input'],
  ]);
}

/** The option that names a format of tools. */
export function formatOption(flags: string, description: string): Option {
  return new Option(flags, description).choices(findingFormats);
}

async function importFindings(file: string, { format, run, by, asset, json }: ImportOptions): Promise<void> {
  const bytes = await readBinaryFile(file, mostFindingBytes);
  const { data } = await localServer().POST('/findings/import', {
    params: { query: { run, format, by, ...(asset === undefined ? {} : { asset }) } },
    headers: { 'content-type': 'application/octet-stream' },
    body: bytes,
    bodySerializer: (body: unknown) => body as Uint8Array<ArrayBuffer>,
  });
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) return printJson(data);
  const lines = [
    `발견 ${data.findings}건, 새로 등록 ${data.added}건, 해당 없음 ${data.ignored}건`,
    `findings ${data.findings}, new to the run ${data.added}, rows that tell of no weakness ${data.ignored}`,
    ...(data.held ? ['회사 정책에 따라 이 작업을 보류하였습니다 · the run is held by policy'] : []),
  ];
  printText(lines.join('\n'));
}
