/** Findings from nmap's XML: open ports, and what scripts say is vulnerable. */
import { findingOf } from './finding.ts';
import { cveIn, FindingCollector, placed, type ImportedFindings, type ImportOptions } from './import-findings.ts';
import { noReport, OpenElements, requireRoot, type TagReader } from '../xml.ts';
import { transport, type Transport } from './report.ts';
import { gradeOf, ungraded, type Severity } from './severity.ts';

interface Port {
  readonly protocol: Transport;
  readonly port: number;
  isOpen: boolean;
  service: string;
}

interface Script {
  readonly id: string;
  /** Of the table that is read: script `vulners` lists one a CVE. */
  listed: string | null;
  score: string | null;
  title: string | null;
  isVulnerable: boolean;
  readonly cves: Set<string>;
  readonly scored: { cve: string; score: string | null }[];
}

type Weakness = { rule: string; title: string; cves: readonly string[]; severity: Severity };

const roots = ['nmaprun'];

/**
 * Reads nmap's XML. An open port is a finding of grade info. A script's word counts where it has the form of nmap's own
 * `vulns` library (state VULNERABLE) or of `vulners` (CVEs with scores); what else scripts print is no finding. Ports that
 * are closed or filtered are none either, whoever filtered them.
 */
export function nmapReader({ seenAt, evidence }: ImportOptions): TagReader<ImportedFindings> {
  const collector = new FindingCollector();
  const open = new OpenElements();
  let found = false;
  let asset: string | null = null;
  let endedAt: string | null = null;
  let port: Port | null = null;
  let script: Script | null = null;
  let key: string | undefined;
  let held: { place: string; port: Port | null; weakness: Weakness }[] = [];

  const hold = (place: string, weakness: Weakness): void => void held.push({ place, port, weakness });

  const starts: Readonly<Record<string, (attributes: Readonly<Record<string, string>>, place: string) => void>> = {
    host(attributes) {
      asset = null;
      held = [];
      endedAt = timeOf(attributes['endtime']);
    },
    address({ addr, addrtype }) {
      if (asset === null && addrtype !== 'mac' && addr !== undefined) asset = addr;
    },
    port({ protocol, portid }, place) {
      port = placed(place, () => ({
        protocol: protocolOf(protocol),
        port: Number(portid),
        isOpen: false,
        service: '',
      }));
    },
    state({ state }) {
      if (port !== null) port.isOpen = state === 'open';
    },
    service({ name = '', product = '', version = '' }) {
      if (port !== null) port.service = [name, product, version].filter((word) => word !== '').join(' ');
    },
    script({ id = '' }) {
      script = { id, listed: null, score: null, title: null, isVulnerable: false, cves: new Set(), scored: [] };
    },
    elem(attributes) {
      key = attributes['key'];
    },
    table() {
      key = undefined;
    },
  };

  const ends: Readonly<Record<string, (text: string, place: string) => void>> = {
    elem(text) {
      if (script !== null) takeElement(script, key, text.trim());
      key = undefined;
    },
    table() {
      if (script === null || script.listed === null) return;
      script.scored.push({ cve: script.listed, score: script.score });
      script.listed = null;
      script.score = null;
    },
    script(_, place) {
      if (script !== null) for (const weakness of weaknessesOf(script)) hold(place, weakness);
      script = null;
    },
    port(_, place) {
      if (port?.isOpen === true) {
        const title = `open port ${port.port}/${port.protocol}${port.service === '' ? '' : ` (${port.service})`}`;
        hold(place, { rule: 'open-port', title, cves: [], severity: { level: 'info', given: null } });
      } else if (port !== null) collector.ignore();
      port = null;
    },
    host() {
      for (const one of held) {
        collector.add(one.place, () =>
          findingOf({
            ...one.weakness,
            asset: asset ?? '',
            protocol: one.port?.protocol ?? 'other',
            port: one.port?.port ?? null,
            tool: 'nmap',
            seenAt: endedAt ?? seenAt,
            evidence,
          }),
        );
      }
      if (held.length === 0 && asset === null) collector.ignore();
      held = [];
    },
  };

  return {
    open(name, attributes, place) {
      if (open.depth === 0) requireRoot(name, roots, place);
      found = true;
      open.push(name, attributes);
      if (Object.hasOwn(starts, name)) starts[name]?.(attributes, place);
    },
    text: (text) => open.text(text),
    close(place) {
      const element = open.pop();
      if (element !== null && Object.hasOwn(ends, element.name)) ends[element.name]?.(element.text, place);
    },
    end(): ImportedFindings {
      if (!found) throw noReport(roots);
      return collector.end();
    },
  };
}

/** What one `<elem>` of a script says, by the names that nmap's `vulns` library and `vulners` give it. */
function takeElement(script: Script, key: string | undefined, text: string): void {
  if (key === 'title') script.title ??= text;
  else if (key === 'state') script.isVulnerable ||= /^(?:LIKELY )?VULNERABLE/.test(text);
  else if (key === 'cvss') script.score = text;
  else if (key === 'id') script.listed = cveIn(text);
  else if (key === undefined && cveIn(text) !== null) script.cves.add(cveIn(text) ?? '');
}

function weaknessesOf({ id, title, isVulnerable, cves, scored }: Script): Weakness[] {
  if (isVulnerable) return [{ rule: id, title: title ?? id, cves: [...cves], severity: ungraded }];
  return scored.map(({ cve, score }) => ({
    rule: `${id}:${cve}`,
    title: `${cve} by the version of the service`,
    cves: [cve],
    severity: score === null ? ungraded : gradeOf(score),
  }));
}

function protocolOf(text: string | undefined): Transport {
  const known = transport.safeParse(text);
  return known.success ? known.data : 'other';
}

/** Seconds since 1970. */
function timeOf(seconds: string | undefined): string | null {
  return seconds !== undefined && /^\d{1,11}$/.test(seconds) ? new Date(Number(seconds) * 1000).toISOString() : null;
}
