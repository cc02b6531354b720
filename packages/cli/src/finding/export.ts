import {
  mergeFindings,
  toCsv,
  toJsonLines,
  toOcsf,
  toSarif,
  type ExportedFinding,
} from '@breakwater/rules/containment';
import { mostFindingBytes, readFindings, type FindingFormat } from '@breakwater/server/containment/import';
import type { Command } from 'commander';
import { Option } from 'commander';
import { printJson, printText, readBinaryFile, withExamples, withJson } from '../frame.ts';
import { formatOption } from './import.ts';
import { allFindings, type Listed } from './list.ts';

const writers = {
  sarif: toSarif,
  ocsf: (findings: readonly ExportedFinding[]) => toOcsf(findings, new Date().toISOString()),
  csv: toCsv,
  jsonl: toJsonLines,
} as const;
type Written = keyof typeof writers;

const writtenOption = (flags: string): Option =>
  new Option(flags, 'sarif (2.1.0), ocsf (1.3, class 2002, JSON lines), csv (for spreadsheets) or jsonl')
    .choices(Object.keys(writers))
    .makeOptionMandatory();

/** `finding export`. */
export function defineExport(finding: Command): void {
  const command = withJson(
    finding
      .command('export')
      .description(
        'Write findings on standard output for other programs. Those of the restricted group are not among them.',
      )
      .addOption(writtenOption('--format <format>'))
      .option('--run <id>', 'seen in one run')
      .action(exportFindings),
  );
  withExamples(command, [['./breakwater finding export --format sarif > findings.sarif', 'for code scanning']]);
}

/** `finding convert FILE`. */
export function defineConvert(finding: Command): void {
  const command = withJson(
    finding
      .command('convert')
      .description('Turn a tool’s file into another format, without a server. Findings of one fingerprint become one.')
      .argument('<file>', 'as `finding import` takes it; - for standard input')
      .addOption(formatOption('--from <format>', 'what the file is').makeOptionMandatory())
      .addOption(writtenOption('--to <format>'))
      .option('--asset <name>', 'whose findings these are when they name a file instead of a host')
      .action(convert),
  );
  withExamples(command, [
    ['./breakwater finding convert scan.xml --from nmap --to csv', 'for a spreadsheet, which runs none of it'],
  ]);
}

async function exportFindings({ format, run, json }: { format: Written; run?: string; json?: boolean }): Promise<void> {
  print(format, (await allFindings(run)).map(exported), json);
}

async function convert(
  file: string,
  { from, to, asset, json }: { from: FindingFormat; to: Written; asset?: string; json?: boolean },
): Promise<void> {
  const bytes = await readBinaryFile(file, mostFindingBytes);
  const options = { seenAt: new Date().toISOString(), ...(asset === undefined ? {} : { asset }) };
  const { findings } = await readFindings(bytes, from, options);
  print(to, mergeFindings(findings), json);
}

function print(format: Written, findings: readonly ExportedFinding[], json: boolean | undefined): void {
  const text = writers[format](findings);
  if (json === true) printJson({ schema: 'breakwater.finding-export/1', format, findings: findings.length, text });
  else printText(text);
}

function exported({ seenBy, history, ...finding }: Listed): ExportedFinding {
  return { finding, seenBy, state: history.state };
}
