/** Editions: a dossier with less of it opened, for transfer abroad or for one individual. */
export {
  type Edition,
  type EditionName,
  type RedactedRecord,
  editionSchema,
  editions,
  firstNamed,
  redact,
  redactedPath,
  redactedSchema,
  withCopies,
} from './edition.ts';
export { type PersonalFindings, personalFindings } from './personal.ts';
export { personsIn } from './persons.ts';
