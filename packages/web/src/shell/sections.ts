import type { IconName } from '#parts';
import { paths } from './paths.ts';
import type { ShellWord } from './words.ts';

/** A section of the console: an entry of the rail, its key after `g`, and the first parts of its addresses. */
export interface Section {
  readonly id: ShellWord;
  readonly path: string;
  readonly icon: IconName;
  readonly key: string | null;
  readonly addresses: readonly string[];
}

/** In the order of the rail. A section is shown when it has pages; the list grows with them. */
export const sections: readonly Section[] = [
  { id: 'now', path: paths.now(), icon: 'now', key: 'n', addresses: [''] },
  { id: 'plans', path: paths.plans(), icon: 'plan', key: 'p', addresses: ['plans'] },
  { id: 'runs', path: paths.runs(), icon: 'run', key: 'r', addresses: ['runs'] },
  { id: 'notices', path: paths.notices(), icon: 'notice', key: 'o', addresses: ['notices', 'claims', 'ledgers'] },
  {
    id: 'exposure',
    path: paths.exposure(),
    icon: 'exposure',
    key: 'x',
    addresses: ['exposure', 'advisories', 'assets'],
  },
  { id: 'evidence', path: paths.evidence(), icon: 'evidence', key: 'e', addresses: ['evidence'] },
  { id: 'assessments', path: paths.assessments(), icon: 'assessment', key: 'a', addresses: ['assessments'] },
  { id: 'cases', path: paths.cases(), icon: 'case', key: 'c', addresses: ['cases'] },
];

/** The section of an address; null for none. */
export function sectionOf(path: string): Section | null {
  const first = path.split('/')[1] ?? '';
  return sections.find(({ addresses }) => addresses.includes(first)) ?? null;
}
