/** Findings as SARIF 2.1.0 (OASIS, 2020-03-27, with errata 01). */
import type { ExportedFinding } from './export-findings.ts';
import type { FindingRecord } from './finding.ts';
import { harmless, harmlessJson } from './finding-text.ts';
import type { SeverityLevel } from './severity.ts';

/** One run a tool: the tool that graded the finding worst. Text of tools is made harmless, also as SARIF's embedded links. */
export function toSarif(findings: readonly ExportedFinding[]): string {
  const runs = Map.groupBy(findings, ({ finding }) => finding.tool);
  return harmlessJson(
    {
      $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
      version: '2.1.0',
      runs: [...runs].map(([tool, found]) => runOf(tool, found)),
    },
    2,
  );
}

function runOf(tool: string, findings: readonly ExportedFinding[]): object {
  // Rules may differ in nothing but what is made harmless, and a rule stands in the list once (3.19.23).
  const rules = [...new Set(findings.map(({ finding }) => harmless(finding.rule)))];
  const indexes = new Map(rules.map((rule, index) => [rule, index]));
  return {
    tool: { driver: { name: harmless(tool), rules: rules.map((id) => ({ id })) } },
    columnKind: 'utf16CodeUnits',
    results: findings.map((one) => resultOf(one, indexes.get(harmless(one.finding.rule)) ?? 0)),
  };
}

function resultOf({ finding, seenBy, state }: ExportedFinding, ruleIndex: number): object {
  const { rule, cves, protocol, severity, seenAt } = finding;
  return {
    ruleId: harmless(rule),
    ruleIndex,
    // Nobody's grade is `warning`, which is what the format takes a missing level for (3.27.10).
    level: severity.level === null ? 'warning' : levels[severity.level],
    message: { text: harmless(finding.title).replace(/[[\]\\]/g, String.raw`\$&`) },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(finding) } } }],
    partialFingerprints: { 'breakwaterFinding/v1': finding.fingerprint },
    ...(state === undefined ? {} : { baselineState: baselines[state] }),
    properties: {
      cves,
      protocol,
      severity: { ...severity, given: severity.given === null ? null : harmless(severity.given) },
      seenAt,
      seenBy: seenBy.map((one) => ({ tool: harmless(one.tool), rule: harmless(one.rule), seenAt: one.seenAt })),
    },
  };
}

const levels: Readonly<Record<SeverityLevel, string>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

const baselines = { new: 'new', regressed: 'new', persistent: 'unchanged', remediated: 'absent' } as const;

/** `tcp://bank.example:443/path`: a URI of the place, whatever speaks there. */
function uriOf({ asset, protocol, port, path }: FindingRecord): string {
  const host = asset.includes(':') ? `[${asset}]` : encodeURIComponent(asset);
  const escaped = (path ?? '').replace(/[{}"<>^`]/g, (character) => encodeURIComponent(character));
  return `${protocol}://${host}${port === null ? '' : `:${port}`}${escaped}`;
}
