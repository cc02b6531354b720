/** Findings from reports of OpenVAS (Greenbone) in XML: the `report` of GMP, also inside `get_reports_response`. */
import { findingOf } from './finding.ts';
import { FindingCollector, instantOr, type ImportedFindings, type ImportOptions } from './import-findings.ts';
import { noReport, OpenElements, requireRoot, type TagReader } from '../xml.ts';
import { transport } from './report.ts';
import { gradeOf, ungraded, type Severity } from './severity.ts';

interface Result {
  rule: string;
  name: string;
  host: string;
  port: string;
  threat: string;
  score: string;
  seenAt: string | undefined;
  readonly cves: Set<string>;
}

const roots = ['report', 'get_reports_response'];

/**
 * Reads a report of OpenVAS. A result that OpenVAS itself takes back (a score below 0: false positive, error) is no finding.
 * The grade is the score of the result; the word `threat` where it has none.
 */
export function openvasReader(options: ImportOptions): TagReader<ImportedFindings> {
  const collector = new FindingCollector();
  const open = new OpenElements();
  let found = false;
  let result: Result | null = null;
  let begunAt = '';

  return {
    open(name, attributes, place) {
      if (open.depth === 0) requireRoot(name, roots, place);
      found = true;
      if (name === 'result' && open.name() === 'results') {
        result = { rule: '', name: '', host: '', port: '', threat: '', score: '', seenAt: undefined, cves: new Set() };
        begunAt = place;
      } else if (result !== null && name === 'nvt') result.rule = attributes['oid'] ?? '';
      else if (result !== null && name === 'ref' && attributes['type']?.toLowerCase() === 'cve') {
        addCves(result, attributes['id'] ?? '');
      }
      open.push(name, attributes);
    },
    text: (text) => open.text(text),
    close() {
      const element = open.pop();
      if (element === null || result === null) return;
      const text = element.text.trim();
      const parent = open.name();
      if (element.name === 'result' && parent === 'results') {
        take(collector, result, begunAt, options);
        result = null;
      } else if (parent === 'nvt' && element.name === 'cve') addCves(result, text);
      else if (parent === 'nvt' && element.name === 'name') result.name ||= text;
      else if (parent === 'result') takeChild(result, element.name, text);
    },
    end(): ImportedFindings {
      if (!found) throw noReport(roots);
      return collector.end();
    },
  };
}

function takeChild(result: Result, name: string, text: string): void {
  if (name === 'name') result.name = text;
  else if (name === 'host') result.host = text;
  else if (name === 'port') result.port = text;
  else if (name === 'threat') result.threat = text;
  else if (name === 'severity') result.score = text;
  else if (name === 'creation_time') result.seenAt = text;
}

function addCves(result: Result, text: string): void {
  for (const cve of text.match(/\bCVE-\d{4}-\d{4,19}\b/gi) ?? []) {
    if (result.cves.size < 200) result.cves.add(cve.toUpperCase());
  }
}

function take(collector: FindingCollector, result: Result, place: string, options: ImportOptions): void {
  if (result.score.startsWith('-') || result.threat === 'False Positive' || result.threat === 'Error') {
    collector.ignore();
    return;
  }
  const [, port, protocol] = /^(\d{1,5}|general)\/(\w+)/.exec(result.port) ?? [];
  const known = transport.safeParse(protocol?.toLowerCase());
  collector.add(place, () =>
    findingOf({
      rule: result.rule === '' ? result.name : result.rule,
      cves: [...result.cves],
      asset: result.host,
      protocol: known.success ? known.data : 'other',
      port: port === undefined || port === 'general' ? null : Number(port),
      title: result.name === '' ? result.rule : result.name,
      severity: severityOf(result),
      tool: 'openvas',
      seenAt: instantOr(result.seenAt, options.seenAt),
      evidence: options.evidence,
    }),
  );
}

function severityOf({ score, threat }: Result): Severity {
  if (score !== '') return gradeOf(score);
  return threat === '' ? ungraded : gradeOf(threat);
}
