/** What is known of vulnerabilities in the wild: CISA's list of exploited ones (KEV) and the odds of exploitation (EPSS). */
import { z } from 'zod';
import { BreakwaterError } from '../error.ts';
import { readJsonText } from '../json.ts';
import { conform } from '../shape.ts';

const mostKevCharacters = 64 * 1024 * 1024;
const mostEpssCharacters = 128 * 1024 * 1024;

const cveId = z.string().regex(/^CVE-\d{4}-\d{4,19}$/);
const kev = z.object({
  catalogVersion: z.string().max(64),
  dateReleased: z.string().max(64),
  vulnerabilities: z
    .array(
      z.object({
        cveID: cveId,
        dateAdded: z.iso.date(),
        dueDate: z.iso.date().optional(),
        knownRansomwareCampaignUse: z.string().max(64).optional(),
      }),
    )
    .max(100_000),
});

export interface KevEntry {
  readonly cve: string;
  readonly added: string;
  readonly due: string | null;
  readonly ransomware: boolean | null;
}

/** Reads the Known Exploited Vulnerabilities catalogue of CISA in JSON. Throws BreakwaterError `kev.*`. */
export function readKev(source: string): { release: string; entries: KevEntry[] } {
  const value = readJsonText(source, 'kev', { mostCharacters: mostKevCharacters });
  const { catalogVersion, vulnerabilities } = conform(kev, value, { name: 'kev' });
  const entries = vulnerabilities.map(({ cveID, dateAdded, dueDate, knownRansomwareCampaignUse: use }) => ({
    cve: cveID,
    added: dateAdded,
    due: dueDate ?? null,
    ransomware: use === 'Known' ? true : use === 'Unknown' ? null : null,
  }));
  return { release: catalogVersion, entries };
}

export interface EpssEntry {
  readonly cve: string;
  /** Probability of exploitation in the next 30 days, 0 to 1. */
  readonly score: number;
  readonly percentile: number;
}

/** Reads the daily EPSS scores of FIRST in CSV, unpacked. Throws BreakwaterError `epss.*` with `path` = `line:column`. */
export function readEpss(source: string): { date: string | null; entries: EpssEntry[] } {
  if (source.length > mostEpssCharacters) {
    throw new BreakwaterError('epss.too-large', `a file has at most ${mostEpssCharacters} characters`, '1:1');
  }
  const lines = source.split(/\r?\n/);
  const date = /score_date:(\d{4}-\d{2}-\d{2})/.exec(lines[0] ?? '')?.[1] ?? null;
  const head = lines.findIndex((line) => line === 'cve,epss,percentile');
  if (head < 0)
    throw new BreakwaterError('epss.wrong-format', 'there is no line cve,epss,percentile: is it unpacked?', '1:1');
  const entries = lines.slice(head + 1).flatMap((line, i): EpssEntry[] => {
    if (line === '') return [];
    const [, cve, score, percentile] = /^(CVE-\d{4}-\d{4,19}),([0-9.eE-]+),([0-9.eE-]+)$/.exec(line) ?? [];
    const [odds, share] = [Number(score), Number(percentile)];
    if (cve === undefined || !(odds >= 0 && odds <= 1) || !(share >= 0 && share <= 1)) {
      throw new BreakwaterError(
        'epss.syntax',
        'the line is not cve,epss,percentile with shares from 0 to 1',
        `${head + i + 2}:1`,
      );
    }
    return [{ cve, score: odds, percentile: share }];
  });
  return { date, entries };
}
