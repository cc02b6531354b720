/** An advisory in the one form in which all of them are matched, whoever wrote it in which format. */
import type { PackageIdentity } from '#inventory';

/** Formats that advisories are read from. */
export const advisoryFormats = ['csaf', 'osv', 'cve'] as const;
export type AdvisoryFormat = (typeof advisoryFormats)[number];

/**
 * Why a version counts as affected.
 * - `version`: it is listed. `range`: it lies between events of a range. `every-version`: the document says all.
 * - `before-fixed`: the vendor names only the version that is fixed; what is older in the same release is affected.
 * - `unstated`: the package is named without versions. `unreadable`: a bound has no place in the order of versions.
 * - `under-investigation`: its author does not know yet.
 * The last three never say more than undetermined.
 */
export const matchRules = [
  'version',
  'range',
  'every-version',
  'before-fixed',
  'unstated',
  'unreadable',
  'under-investigation',
] as const;
export type MatchRule = (typeof matchRules)[number];

/** How an interval ends: at the first version that is fixed, after the last that is affected, or before a limit. */
export type IntervalEnd = { readonly kind: 'fixed' | 'last-affected' | 'limit'; readonly version: string };

/** Versions of one package that an advisory calls affected. */
export interface Interval {
  readonly rule: MatchRule;
  /** The first version; null = from the very first. */
  readonly introduced: string | null;
  /** True when `introduced` itself is not in it. */
  readonly isOpen?: boolean;
  /** null = it does not end. */
  readonly end: IntervalEnd | null;
  /** Which of the document's vulnerabilities; absent: every one. */
  readonly vulnerability?: string;
  /** Where the document says so, as a JSON Pointer. */
  readonly path: string;
}

export interface AffectedPackage {
  readonly package: PackageIdentity;
  readonly intervals: readonly Interval[];
}

export interface Severity {
  /** `CVSS:4.0`, `CVSS:3.1`, `CVSS:3.0`, `CVSS:2.0`, or a word of the author's own. */
  readonly kind: string;
  /** The vector, or the word. */
  readonly value: string;
}

/** What an author says of one vulnerability in one product. */
export interface VexStatement {
  readonly vulnerability: string;
  readonly status: 'not-affected' | 'affected' | 'fixed' | 'under-investigation';
  /** What it is about: packages with their versions; an empty list of versions means all. */
  readonly product: { readonly purl: string | null; readonly cpe: string | null; readonly ref: string | null };
  readonly justification: string | null;
  readonly statement: string | null;
  /** When its author said so; a later word stands over an earlier one. */
  readonly at: string | null;
  readonly path: string;
}

export interface AdvisoryDocument {
  readonly format: AdvisoryFormat;
  readonly id: string;
  /** Who wrote it: a namespace or a name. */
  readonly publisher: string;
  /** Its revision as its author counts, or the time it was changed. */
  readonly revision: string;
  readonly published: string | null;
  readonly modified: string | null;
  readonly withdrawn: string | null;
  readonly title: string;
  /** Other names of the very same thing. */
  readonly aliases: readonly string[];
  /** What it is about, CVE or its own id: an advisory of a vendor may hold several. */
  readonly vulnerabilities: readonly string[];
  readonly severities: readonly Severity[];
  /** TLP label and words that bind who may read it. */
  readonly marking: { readonly tlp: string | null; readonly text: string | null };
  readonly affected: readonly AffectedPackage[];
  readonly vex: readonly VexStatement[];
  /** What of it could not be judged, for people. */
  readonly notes: readonly string[];
}
