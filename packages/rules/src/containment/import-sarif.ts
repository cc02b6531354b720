/** Findings from SARIF 2.1.0 (OASIS, 2020-03-27, with errata 01), whichever tool wrote it. */
import { z } from 'zod';
import { BreakwaterError } from '../error.ts';
import { findingOf } from './finding.ts';
import { assetId, endpointOf, pathTemplate, type Endpoint } from './finding-place.ts';
import {
  cveIn,
  FindingCollector,
  instantOr,
  placed,
  requireSize,
  type ImportedFindings,
  type ImportOptions,
} from './import-findings.ts';
import { readJson } from './import-json.ts';
import { transport, type Transport } from './report.ts';
import { gradeOf, severitySchema, ungraded, type Severity } from './severity.ts';

/** Members of property bags that are read; of another form they are passed over, because anybody may write anything there. */
const properties = z
  .object({
    'security-severity': z
      .union([z.string(), z.number().transform(String)])
      .optional()
      .catch(undefined),
    severity: severitySchema.optional().catch(undefined),
    cves: z.array(z.string()).optional().catch(undefined),
    protocol: transport.optional().catch(undefined),
  })
  .optional()
  .catch(undefined);

const level = z.enum(['none', 'note', 'warning', 'error']).optional();

const rule = z.object({ id: z.string(), defaultConfiguration: z.object({ level }).optional(), properties });

const result = z.object({
  ruleId: z.string().optional(),
  rule: z.object({ id: z.string().optional(), index: z.int().optional() }).optional(),
  ruleIndex: z.int().optional(),
  kind: z.string().optional(),
  level,
  message: z.object({ text: z.string().optional(), id: z.string().optional() }),
  locations: z
    .array(
      z.object({
        physicalLocation: z
          .object({ artifactLocation: z.object({ uri: z.string().optional() }).optional() })
          .optional(),
      }),
    )
    .optional(),
  properties,
});

const log = z.object({
  version: z.literal('2.1.0'),
  runs: z
    .array(
      z.object({
        tool: z.object({ driver: z.object({ name: z.string().min(1), rules: z.array(rule).optional() }) }),
        invocations: z.array(z.object({ endTimeUtc: z.string().optional() })).optional(),
        results: z.array(result).nullish(),
      }),
    )
    .nullable(),
});

type Result = z.infer<typeof result>;
type Rule = z.infer<typeof rule>;

/**
 * Reads a SARIF log. A result of a kind other than `fail`, `open` and `review` is no weakness. A location that is no address of
 * a network belongs to `options.asset`; without it such a result is refused.
 *
 * Throws BreakwaterError `sarif.*`, `finding.asset` or `import.*` with `path` = `line:column`, or a JSON Pointer for what is
 * wrong with one result.
 */
export function importSarif(text: string, options: ImportOptions): ImportedFindings {
  requireSize(text);
  const { runs } = readJson(text, log, 'sarif');
  const collector = new FindingCollector();
  for (const [r, run] of (runs ?? []).entries()) {
    const { name, rules = [] } = run.tool.driver;
    const seenAt = instantOr(run.invocations?.at(-1)?.endTimeUtc, options.seenAt);
    for (const [n, one] of (run.results ?? []).entries()) {
      if (!weaknesses.has(one.kind ?? 'fail')) {
        collector.ignore();
        continue;
      }
      const at = `/runs/${r}/results/${n}`;
      const known = ruleOf(one, rules);
      const id = one.ruleId ?? one.rule?.id ?? known?.id;
      if (id === undefined) throw new BreakwaterError('sarif.rule', 'the result names no rule: export it again', at);
      const cve = cveIn(id);
      collector.add(at, () =>
        findingOf({
          rule: id,
          cves:
            one.properties?.cves?.filter((text) => /^CVE-\d{4}-\d{4,19}$/i.test(text)) ?? (cve === null ? [] : [cve]),
          ...placeOf(one, at, options.asset),
          title: one.message.text ?? id,
          severity: severityOf(one, known),
          tool: toolWord(name),
          seenAt,
          evidence: options.evidence,
        }),
      );
    }
  }
  return collector.end();
}

const weaknesses: ReadonlySet<string> = new Set(['fail', 'open', 'review']);

function ruleOf(one: Result, rules: readonly Rule[]): Rule | undefined {
  const index = one.ruleIndex ?? one.rule?.index;
  return (
    (index === undefined ? undefined : rules[index]) ?? rules.find(({ id }) => id === (one.ruleId ?? one.rule?.id))
  );
}

/** The grade of the result, else the score or level of its rule; `warning` is what SARIF says where nothing is said (3.27.10). */
function severityOf(one: Result, known: Rule | undefined): Severity {
  const own = one.properties?.severity;
  if (own !== undefined) return own;
  const score = one.properties?.['security-severity'] ?? known?.properties?.['security-severity'];
  if (score !== undefined) return gradeOf(score);
  const given = one.level ?? known?.defaultConfiguration?.level;
  return given === undefined ? ungraded : { level: levels[given], given };
}

/** A level says how loud a tool is, not how bad a weakness; no level is read as critical. */
const levels = { error: 'high', warning: 'medium', note: 'low', none: 'info' } as const;

function placeOf(one: Result, at: string, asset: string | undefined): Endpoint & { protocol: Transport } {
  const uri = one.locations?.[0]?.physicalLocation?.artifactLocation?.uri ?? '';
  const scheme = /^([a-z][a-z0-9+.-]*):\/\/[^/]/i.exec(uri)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'file') {
    const named = transport.safeParse(scheme);
    const protocol = one.properties?.protocol ?? (named.success ? named.data : 'tcp');
    return placed(at, () => ({ ...endpointOf(uri), protocol }));
  }
  if (asset === undefined) {
    throw new BreakwaterError(
      'sarif.no-asset',
      'the result names no address of a network: say with --asset whose finding it is',
      at,
    );
  }
  const path = uri.replace(/^file:\/+/i, '/');
  return { asset: assetId(asset), protocol: 'other', port: null, path: path === '' ? null : pathTemplate(path) };
}

/** A tool's name as one word, so that the same tool has the same name in every format. */
function toolWord(name: string): string {
  const word = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64);
  return word === '' ? 'sarif' : word;
}
