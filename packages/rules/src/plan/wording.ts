/**
 * What each fault of a plan is called, with its numbers, in Korean and English: by rule, then by the way in which the rule
 * is broken. One arm for each way.
 */
import { wordingOfPeople } from './wording-people.ts';
import { wordingOfWork } from './wording-work.ts';

export const wording = { ...wordingOfWork, ...wordingOfPeople } as const;

export type Wording = typeof wording;
