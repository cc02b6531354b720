/** What the pages are made from: the members of a dossier and nothing besides, so that anyone can make them again. */
import type { Assessment, Facts, PolicyPack } from '@breakwater/rules/criteria';
import type { EvidenceRecord } from '@breakwater/rules/evidence';
import type { AdverseFact, Edition, FormerDossier, TimelineRow } from '@breakwater/rules/review';
import type { Cell } from './block.ts';
import type { Lang, Words } from './format.ts';

export interface Content {
  readonly facts: Facts;
  readonly assessment: Assessment;
  readonly pack: PolicyPack;
  /** In an edition, with the copies that stand beside withheld ones. */
  readonly records: readonly EvidenceRecord[];
  readonly range: { readonly first: number; readonly end: number };
  /** The signed note of the checkpoint. */
  readonly checkpoint: string;
  readonly timeline: readonly TimelineRow[];
  readonly adverse: readonly AdverseFact[];
  /** The dossier of the run before this one. */
  readonly former: FormerDossier | null;
  /** null: the dossier itself. */
  readonly edition: Edition | null;
  /** Members that travel with the pages, in order. */
  readonly members: readonly { readonly path: string; readonly sha256: string }[];
}

/** Picks the words of a language. */
export function say(lang: Lang): (ko: string, en: string) => string {
  return (ko, en) => (lang === 'ko' ? ko : en);
}

/** The word of a table in one language; a word that the table does not know stands for itself. */
export function word(table: Readonly<Record<string, Words>>, key: string | null | undefined, lang: Lang): string {
  if (key === null || key === undefined) return lang === 'ko' ? '알 수 없음' : 'unknown';
  return table[key]?.[lang] ?? key;
}

export function cell(text: string, more: Omit<Cell, 'text'> = {}): Cell {
  return { text, ...more };
}

/** The number of a record, as every table cites it. */
export function number(index: number): Cell {
  return { text: `#${index}`, tone: 'quiet' };
}
