/** Holding a value against its zod type, and saying what is wrong with it where. */
import type { z } from 'zod';
import { BreakwaterError } from './error.ts';

/** What to call a document in its errors, and where its parts stand if it was read from text. */
export interface Shaped {
  /** First word of the error code: `plan` gives `plan.unknown-key`. */
  readonly name: string;
  /** `line:column` of a JSON Pointer, for documents that have lines. */
  readonly place?: (pointer: string) => string;
}

/**
 * The value as its type; what `schema` does not know is refused.
 *
 * Throws BreakwaterError `<name>.unknown-key`, `<name>.missing`, `<name>.wrong-type`, `<name>.not-allowed`,
 * `<name>.invalid` or `<name>.unreadable`. Its `path` is the JSON Pointer of the fault; its message begins with `line:column` when
 * the document has lines.
 */
export function conform<T>(schema: z.ZodType<T>, value: unknown, { name, place }: Shaped): T {
  const result = tried(schema, value, name);
  if (result.success) return result.data;
  const issues = result.error.issues.map(meant);
  const issue = issues.find((one) => one.code === 'unrecognized_keys') ?? issues[0];
  const { code, text, path } = issue === undefined ? unnamed : describe(issue, value);
  const pointer = path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  const at = place === undefined ? '' : `${place(pointer)} `;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  throw new BreakwaterError(
    `${name}.${code}`,
    `${at}${pointer === '' ? 'the document' : pointer}: ${text}${more}`,
    pointer,
  );
}

/** A value from a script may nest deeper than the stack, be a circle, or throw when it is looked at. */
function tried<T>(schema: z.ZodType<T>, value: unknown, name: string): z.ZodSafeParseResult<T> {
  try {
    return schema.safeParse(value);
  } catch {
    throw new BreakwaterError(`${name}.unreadable`, 'the value is not plain data, or nests too deep: give JSON', '');
  }
}

/** Inside a union: what is wrong with the arm that was meant, which is the one that takes the value's own type and misfits least. */
function meant(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const arms = issue.errors.filter((arm) => !arm.some((one) => one.code === 'invalid_type' && one.path.length === 0));
  const closest = arms.toSorted((a, b) => misfit(a) - misfit(b))[0]?.[0];
  return closest === undefined ? issue : meant({ ...closest, path: [...issue.path, ...closest.path] });
}

function misfit(arm: readonly z.core.$ZodIssue[]): number {
  return arm.reduce(
    (total, one) => total + (one.code === 'unrecognized_keys' ? 2 * one.keys.length : Math.min(1, one.path.length)),
    0,
  );
}

const unnamed: Described = { code: 'invalid', text: 'does not have its shape', path: [] };

interface Described {
  readonly code: string;
  readonly text: string;
  readonly path: readonly PropertyKey[];
}

function describe(issue: z.core.$ZodIssue, document: unknown): Described {
  const { path } = issue;
  const found = path.reduce<unknown>(
    (inner, part) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, part) : undefined),
    document,
  );
  switch (issue.code) {
    case 'unrecognized_keys': {
      const [key = ''] = issue.keys;
      return {
        code: 'unknown-key',
        text: `the key ${quote(key)} is not known here: remove it or correct its name`,
        path: [...path, key],
      };
    }
    case 'invalid_type':
      return found === undefined
        ? { code: 'missing', text: `is missing: give ${articled(issue.expected)}`, path }
        : {
            code: 'wrong-type',
            text: `must be ${articled(issue.expected)}, not ${kindOf(found)}${hint(issue.expected, found)}`,
            path,
          };
    case 'invalid_value':
      return found === undefined
        ? { code: 'missing', text: `is missing: give ${oneOf(issue.values)}`, path }
        : { code: 'not-allowed', text: `must be ${oneOf(issue.values)}, not ${shown(found)}`, path };
    case 'invalid_union':
      if ('options' in issue && Array.isArray(issue.options)) {
        return found === undefined
          ? { code: 'missing', text: `is missing: give ${oneOf(issue.options)}`, path }
          : { code: 'not-allowed', text: `must be ${oneOf(issue.options)}, not ${shown(found)}`, path };
      }
      return { code: found === undefined ? 'missing' : 'invalid', text: issue.message, path };
    case 'too_small':
    case 'too_big':
      return {
        code: 'invalid',
        text: /^Too (?:small|big)/.test(issue.message) ? sizeRule(issue) : issue.message,
        path,
      };
    case 'invalid_key':
      return { code: 'invalid', text: issue.issues[0]?.message ?? issue.message, path };
    case 'invalid_format':
      // A type that says how to write it is quoted; the validator's own words for the commonest formats are not enough.
      return { code: 'invalid', text: issue.message.startsWith('Invalid') ? formatRule(issue) : issue.message, path };
    default:
      return { code: 'invalid', text: issue.message, path };
  }
}

const counted: Record<string, string> = { string: ' characters', array: ' entries', map: ' entries', set: ' entries' };

/** What a number or a length must be, where the type does not say it in words of its own. */
function sizeRule(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const limit = issue.code === 'too_small' ? issue.minimum : issue.maximum;
  const side = issue.code === 'too_small' ? 'at least' : 'at most';
  const edge = issue.inclusive === false ? (issue.code === 'too_small' ? 'more than' : 'less than') : side;
  const unit = counted[issue.origin];
  return `must ${unit === undefined ? 'be' : 'have'} ${edge} ${limit}${unit ?? ''}`;
}

const formatRules: Record<string, string> = {
  datetime: 'must be an RFC 3339 time with offset, such as 2026-11-29T01:00:00+09:00',
  date: 'must be a day, such as 2026-11-29',
  base64: 'must be standard base64 with padding',
};

function formatRule({ format, pattern }: z.core.$ZodIssueInvalidStringFormat): string {
  if (pattern?.includes('sha256:') === true) return 'must be sha256: and 64 lower-case hex digits';
  return formatRules[format] ?? `must match ${pattern ?? format}`;
}

function oneOf(values: readonly unknown[]): string {
  const words = values.map((value) => shown(value));
  return words.length === 1 ? (words[0] ?? '') : `one of ${words.join(', ')}`;
}

const articles: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
};

function articled(expected: string): string {
  return articles[expected] ?? expected;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : shown(value);
}

function hint(expected: string, found: unknown): string {
  const scalar = typeof found === 'number' || typeof found === 'boolean' || found === null;
  return expected === 'string' && scalar ? ': put it in quotes' : '';
}

function shown(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'object') return kindOf(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeof value;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
