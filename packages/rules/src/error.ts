/**
 * A refusal of input that a person can act on: every parser and reader of Breakwater throws this and nothing else.
 *
 * - `code`: stable, machine-readable, kebab-case (`plan.unknown-key`, `purl.no-type`).
 * - `message`: names the rule that was broken and how to mend it; contains no personal data.
 * - `path`: where, as a JSON Pointer (`/steps/0/do`), or `line:column` for text that has lines; `""` = the whole.
 */
export class BreakwaterError extends Error {
  readonly code: string;
  readonly path: string;

  constructor(code: string, message: string, path = '') {
    super(message);
    this.name = 'BreakwaterError';
    this.code = code;
    this.path = path;
  }
}
