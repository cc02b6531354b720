/** One line of results as nuclei writes them with `-jsonl`: what is used of it, within what it may hold. */
import { findingOf, gradeOf, ungraded, type FindingRecord, type Severity } from '@breakwater/rules/containment';
import { z } from 'zod';
import { parseLine } from '../../lines.ts';
import { stamp } from '../events.ts';
import { plainText } from '../plain.ts';
import type { Destinations, Reach } from '../reach.ts';

const text = z.string().max(65_536);

const resultLine = z.looseObject({
  'template-id': text.min(1),
  info: z.looseObject({
    name: text.optional(),
    severity: text.optional(),
    classification: z.looseObject({ 'cve-id': z.union([text, z.array(text).max(200)]).nullish() }).nullish(),
  }),
  'matched-at': text.optional(),
  host: text.optional(),
  ip: text.optional(),
  port: z.union([text, z.int()]).optional(),
  'matcher-name': text.optional(),
});

export interface NucleiResult {
  readonly finding: FindingRecord;
  /** The address that was touched by nuclei's own word, if it names one; the gate knows better. */
  readonly reach: Reach;
}

/**
 * Reads one line; null when it is none of nuclei's, or says nothing that can be placed. The severity stays the one that was
 * given. A result whose place is outside the scope comes with the reason.
 */
export function readResultLine(line: string, destinations: Destinations): NucleiResult | null {
  const parsed = resultLine.safeParse(documentOf(line));
  if (!parsed.success) return null;
  const { info, ...result } = parsed.data;
  const place = placeOf(result['matched-at'] ?? result.host ?? '');
  if (place === null) return null;
  const cves = [info.classification?.['cve-id'] ?? []].flat().filter((cve) => /^CVE-\d{4}-\d{4,19}$/i.test(cve.trim()));
  const matcher = result['matcher-name'];
  try {
    const finding = findingOf({
      rule:
        plainText(matcher === undefined ? result['template-id'] : `${result['template-id']}:${matcher}`, 200) || '-',
      cves: cves.slice(0, 200),
      asset: place.host,
      protocol: 'tcp',
      port: place.port,
      path: place.path,
      title: plainText(info.name ?? result['template-id'], 500),
      severity: severityOf(info.severity),
      tool: 'nuclei',
      seenAt: stamp(),
    });
    return { finding, reach: reachOf(place, result.ip, destinations) };
  } catch {
    return null;
  }
}

function documentOf(line: string): unknown {
  try {
    return parseLine(line);
  } catch {
    return null;
  }
}

function severityOf(given: string | undefined): Severity {
  if (given === undefined) return ungraded;
  const { level, given: word } = gradeOf(given.slice(0, 64));
  return { level, given: word === null ? null : plainText(word, 64) };
}

interface Place {
  readonly host: string;
  readonly port: number | null;
  readonly path: string | null;
}

const schemePorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** `https://h:8443/a`, `h:22`, `[v6]:22`, `h`. */
function placeOf(at: string): Place | null {
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(at);
  const url = URL.parse(hasScheme ? at : `tcp://${at}`);
  if (url === null || url.hostname === '') return null;
  const port = url.port === '' ? (schemePorts[url.protocol] ?? null) : Number(url.port);
  return { host: url.hostname, port, path: hasScheme ? url.pathname || null : null };
}

function reachOf({ host, port }: Place, ip: string | undefined, destinations: Destinations): Reach {
  const address = destinations.addressOf(host);
  if (address === null) return { allowed: false, reason: 'the name was not pinned when the scope was signed' };
  const named = destinations.reach(address, port, 'tcp');
  const touched = ip === undefined ? named : destinations.reach(ip, port, 'tcp');
  return named.allowed ? touched : named;
}
