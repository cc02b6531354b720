/** Reading XML tag by tag: the bytes and the syntax are the caller's. */
import { BreakwaterError } from './error.ts';

/** Takes the tags of a document in their order. `place` is where the tag stands, as `line:column`. */
export interface TagReader<T> {
  open(name: string, attributes: Readonly<Record<string, string>>, place: string): void;
  text(text: string): void;
  close(place: string): void;
  /** After the last tag. Throws BreakwaterError when the document is not what it should be. */
  end(): T;
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

/** An element with all that is in it. Prefixes of namespaces are left out of names. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, trimmed. */
  readonly text: string;
}

type Grown = { name: string; attributes: Readonly<Record<string, string>>; children: Grown[]; text: string };

/**
 * Reads a whole document whose root is one of `names`. Throws BreakwaterError `import.wrong-format`, or `import.too-large` beyond
 * `mostElements`.
 */
export function treeReader(names: readonly string[], mostElements: number): TagReader<XmlElement> {
  const open: Grown[] = [];
  let root: Grown | null = null;
  let elements = 0;
  return {
    open(name, attributes, place) {
      const element: Grown = { name: name.replace(/^.*:/, ''), attributes, children: [], text: '' };
      if (open.length === 0) {
        requireRoot(element.name, names, place);
        root = element;
      } else open.at(-1)?.children.push(element);
      elements += 1;
      if (elements > mostElements) {
        throw new BreakwaterError(
          'import.too-large',
          `a document has at most ${mostElements} elements: divide it`,
          place,
        );
      }
      open.push(element);
    },
    text(text) {
      const element = open.at(-1);
      if (element !== undefined && element.text.length < mostKept) element.text += text.slice(0, mostKept);
    },
    close() {
      const element = open.pop();
      if (element !== undefined) element.text = element.text.trim();
    },
    end() {
      if (root === null) throw noReport(names);
      return root;
    },
  };
}
