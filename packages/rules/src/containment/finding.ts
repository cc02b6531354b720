/** What a tester found: one shape for every tool, with a fingerprint that stays the same from run to run and tool to tool. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { instant, sha256Digest } from '#evidence/record';
import { assetId, pathTemplate } from './finding-place.ts';
import { severitySchema, type Severity } from './severity.ts';
import { transport, type Transport } from './report.ts';

/** Longest texts of a finding, in UTF-16 code units; what a tool says beyond them is cut. */
const longest = { rule: 200, tool: 64, title: 500, given: 64 } as const;

const line = (most: number): z.ZodString => z.string().min(1).max(most);

/**
 * A finding in its normal form. Make one with {@link findingOf}. `title` is what a tool or a target said: it is data, and is
 * made harmless at every exit.
 */
export const findingRecord = z.strictObject({
  fingerprint: z.string().regex(/^v1:[0-9a-f]{64}$/),
  /** The tool's own id of what it looked for: a template, a script, a test. */
  rule: line(longest.rule),
  /** In capitals, in order. */
  cves: z.array(z.string().regex(/^CVE-\d{4}-\d{4,19}$/)).max(200),
  /** An address in canonical form, or a host name in lower case. */
  asset: line(255),
  protocol: transport,
  /** null where the protocol has none, or the finding is about the whole asset. */
  port: z.int().min(0).max(65_535).nullable(),
  /** The path of a URL with placeholders for what varies; null where there is none. */
  path: z.string().min(1).max(2048).nullable(),
  title: line(longest.title),
  severity: severitySchema,
  /** The tool that saw it: nmap, nuclei, openvas, agent. */
  tool: line(longest.tool),
  seenAt: instant,
  /** SHA-256 of what the tool said about it, which is kept apart. */
  evidence: sha256Digest.nullable(),
});
export type FindingRecord = z.infer<typeof findingRecord>;

/** A finding as a tool tells it, before anything is in its normal form. */
export interface SeenFinding {
  readonly rule: string;
  readonly cves?: readonly string[];
  /** An address in any notation, also in brackets or with a zone, or a host name. */
  readonly asset: string;
  readonly protocol: Transport;
  readonly port: number | null;
  /** A path with or without query; left out = none. */
  readonly path?: string | null;
  readonly title: string;
  readonly severity: Severity;
  readonly tool: string;
  /** RFC 3339. */
  readonly seenAt: string;
  readonly evidence?: string | null;
}

/**
 * A finding in its normal form, with its fingerprint. Texts that are too long are cut; a NUL and half a surrogate pair, which no
 * database holds, become U+FFFD.
 *
 * Throws BreakwaterError `finding.asset` when the asset is neither an address nor a host name, ZodError when a value is
 * outside its type.
 */
export function findingOf(seen: SeenFinding): FindingRecord {
  const place = {
    asset: assetId(seen.asset),
    protocol: seen.protocol,
    port: seen.port,
    path: seen.path === undefined || seen.path === null ? null : pathTemplate(seen.path),
  };
  const rule = storable(seen.rule, longest.rule);
  const cves = [...new Set((seen.cves ?? []).map((cve) => cve.trim().toUpperCase()))].toSorted();
  return findingRecord.parse({
    fingerprint: fingerprintOf({ rule, cves, tool: seen.tool, ...place }),
    rule,
    cves,
    ...place,
    title: storable(seen.title, longest.title),
    severity: { ...seen.severity, given: seen.severity.given && storable(seen.severity.given, longest.given) },
    tool: seen.tool,
    seenAt: seen.seenAt,
    evidence: seen.evidence ?? null,
  } satisfies FindingRecord);
}

/**
 * `v1:` and the SHA-256 of what is wrong and where, in normal form: CVE or rule, asset, protocol, port, path template, joined
 * by `|`. No free text and no severity, because tools reword and regrade. A finding of exactly one CVE is that CVE whichever
 * tool saw it; otherwise it is the rule of its tool.
 */
export function fingerprintOf({
  rule,
  cves,
  tool,
  asset,
  protocol,
  port,
  path,
}: Pick<FindingRecord, 'rule' | 'cves' | 'tool' | 'asset' | 'protocol' | 'port' | 'path'>): string {
  const what = cves.length === 1 ? (cves[0] ?? '') : `${escaped(tool)}:${escaped(rule)}`;
  const parts = [what, asset, protocol, port === null ? '' : String(port), path ?? ''];
  return `v1:${bytesToHex(sha256(utf8ToBytes(parts.join('|'))))}`;
}

/** Percent-encodes what would make two names one: separators, the percent sign, white space and control characters. */
function escaped(text: string): string {
  return text.replace(/[%|:\s\p{C}]/gu, (character) => encodeURIComponent(character.toWellFormed()));
}

function storable(text: string, most: number): string {
  const whole = text.toWellFormed().replaceAll('\0', '\uFFFD').trim();
  // A pair that the cut divides is repaired like any other half.
  return whole.length <= most ? whole || '-' : `${whole.slice(0, most - 1).toWellFormed()}…`;
}
