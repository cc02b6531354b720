/** Findings from XML reports, tag by tag: the bytes and the syntax are the caller's. */
import { BreakwaterError } from '../error.ts';
import type { ImportedFindings } from './import-findings.ts';

/** Takes the tags of a document in their order. `place` is where the tag stands, as `line:column`. */
export interface TagReader {
  open(name: string, attributes: Readonly<Record<string, string>>, place: string): void;
  text(text: string): void;
  close(place: string): void;
  /** After the last tag. Throws BreakwaterError when the document is not one of the tool. */
  end(): ImportedFindings;
}

/** The text of one element that is kept, characters; what is beyond is dropped. */
const mostKept = 64 * 1024;

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Its own text, without that of its children. */
  text: string;
}

/** The elements that are open, from the root. */
export class OpenElements {
  readonly #open: Element[] = [];

  push(name: string, attributes: Readonly<Record<string, string>>): void {
    this.#open.push({ name, attributes, text: '' });
  }

  text(text: string): void {
    const element = this.#open.at(-1);
    if (element !== undefined && element.text.length < mostKept) element.text += text.slice(0, mostKept);
  }

  /** Closes the innermost; null when none is open. */
  pop(): Element | null {
    return this.#open.pop() ?? null;
  }

  get depth(): number {
    return this.#open.length;
  }

  /** The name of the element `up` levels above the innermost. */
  name(up = 0): string | undefined {
    return this.#open.at(-1 - up)?.name;
  }
}

/** Refuses a document whose first tag is not one of `names`. */
export function requireRoot(name: string, names: readonly string[], place: string): void {
  if (names.includes(name)) return;
  throw new BreakwaterError(
    'import.wrong-format',
    `the document begins with <${name.slice(0, 40)}>, not with <${names.join('> or <')}>: choose its own format`,
    place,
  );
}

/** What `end` throws for a document that held nothing of the tool's. */
export function noReport(names: readonly string[]): BreakwaterError {
  return new BreakwaterError('import.wrong-format', `there is no <${names.join('> or <')}> in the document`, '1:1');
}
