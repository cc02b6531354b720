/** Findings from JSON lines as nuclei 3 writes them, one match a line. */
import { z } from 'zod';
import { findingOf } from './finding.ts';
import { endpointOf } from './finding-place.ts';
import {
  FindingCollector,
  instantOr,
  linesOf,
  placed,
  requireSize,
  type ImportedFindings,
  type ImportOptions,
} from './import-findings.ts';
import { readJson } from './import-json.ts';
import type { Transport } from './report.ts';
import { gradeOf, ungraded } from './severity.ts';

const texts = z.union([z.string().transform((one) => [one]), z.array(z.string())]).nullish();

const match = z.object({
  'template-id': z.string().min(1),
  'matcher-name': z.string().nullish(),
  /** False: the template did not match, which is told only when it is asked for. */
  'matcher-status': z.boolean().nullish(),
  type: z.string().nullish(),
  host: z.string().nullish(),
  port: z.union([z.string(), z.int()]).nullish(),
  url: z.string().nullish(),
  'matched-at': z.string().nullish(),
  timestamp: z.string().nullish(),
  info: z.object({
    name: z.string().nullish(),
    severity: z.string().nullish(),
    classification: z.object({ 'cve-id': texts }).nullish(),
  }),
});

/**
 * Reads nuclei's JSON lines. A grade is kept as nuclei gave it.
 *
 * Throws BreakwaterError `nuclei.*`, `finding.asset` or `import.*` with `path` = `line:column`.
 */
export function importNuclei(text: string, { seenAt, evidence }: ImportOptions): ImportedFindings {
  requireSize(text);
  const collector = new FindingCollector();
  for (const { line, number } of linesOf(text)) {
    const read = readJson(line, match, 'nuclei', number);
    if (read['matcher-status'] === false) {
      collector.ignore();
      continue;
    }
    const { info, type } = read;
    const at = `${number}:1`;
    const named = read['matched-at'] ?? read.url ?? read.host ?? '';
    const place = placed(at, () => endpointOf(named));
    const matcher = read['matcher-name'] ?? '';
    collector.add(at, () =>
      findingOf({
        rule: matcher === '' ? read['template-id'] : `${read['template-id']}:${matcher}`,
        cves: (info.classification?.['cve-id'] ?? []).filter((cve) => /^CVE-\d{4}-\d{4,19}$/i.test(cve.trim())),
        ...place,
        port: place.port ?? portOf(read.port),
        protocol: protocols[type ?? ''] ?? 'tcp',
        title: info.name ?? read['template-id'],
        severity: info.severity === undefined || info.severity === null ? ungraded : gradeOf(info.severity),
        tool: 'nuclei',
        seenAt: instantOr(read.timestamp ?? undefined, seenAt),
        evidence,
      }),
    );
  }
  return collector.end();
}

/** Everything else that a template speaks goes over TCP. */
const protocols: Readonly<Record<string, Transport>> = { dns: 'udp', whois: 'other', file: 'other' };

function portOf(given: string | number | null | undefined): number | null {
  const port = typeof given === 'string' && /^\d{1,5}$/.test(given) ? Number(given) : given;
  return typeof port === 'number' && port > 0 && port <= 65_535 ? port : null;
}
