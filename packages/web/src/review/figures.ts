import type { Schemas } from '@breakwater/client/browser';

/** Numbers of records as people type them: commas, spaces or lines between; what is no number is left out. */
export function numbersIn(text: string): number[] {
  return [...new Set(text.split(/[\s,]+/).filter((word) => /^\d{1,15}$/.test(word)))].map(Number);
}

/** Who has part in a case: its members, and the applicant who answers them. */
export function partiesOf({ members, applicant }: Pick<Schemas['Case'], 'members' | 'applicant'>): string[] {
  return [...members.map(({ person }) => person), ...(applicant.person === null ? [] : [applicant.person])];
}
