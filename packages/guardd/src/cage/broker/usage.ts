/** Tokens as a provider reports them, in one answer or in its stream. Unknown is never zero: see {@link tokensOf}. */
import { BadLine, parseLine } from '../../lines.ts';

export interface Tokens {
  readonly count: number;
  /** False when the provider said nothing: then every byte counts as a token, which is never too few. */
  readonly reported: boolean;
}

/** Counts from the body of an answer, whole or as server-sent events. `bytes`: of question and answer together. */
export function tokensOf(text: string, bytes: number): Tokens {
  const documents = text.startsWith('{') ? [text] : eventsIn(text);
  let input = 0;
  let output = 0;
  let total = 0;
  for (const document of documents) {
    for (const usage of usagesIn(document)) {
      input = Math.max(
        input,
        sum(usage, ['prompt_tokens', 'input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens']),
      );
      output = Math.max(output, sum(usage, ['completion_tokens', 'output_tokens']));
      total = Math.max(total, sum(usage, ['total_tokens']));
    }
  }
  const count = Math.max(total, input + output);
  return count > 0 ? { count, reported: true } : { count: bytes, reported: false };
}

function eventsIn(text: string): string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length).trim())
    .filter((data) => data.startsWith('{'));
}

/** `usage` stands at the top, in `message` (start of a stream) or in `response` (its end). */
function usagesIn(document: string): object[] {
  let read: unknown;
  try {
    read = parseLine(document);
  } catch (error) {
    if (error instanceof BadLine) return [];
    throw error;
  }
  return [read, field(read, 'message'), field(read, 'response')]
    .map((place) => field(place, 'usage'))
    .filter((usage) => typeof usage === 'object' && usage !== null);
}

function field(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null && Object.hasOwn(of, name) ? Reflect.get(of, name) : undefined;
}

function sum(usage: object, names: readonly string[]): number {
  return names
    .map((name) => field(usage, name))
    .filter((value): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value > 0)
    .reduce((total, value) => total + value, 0);
}
