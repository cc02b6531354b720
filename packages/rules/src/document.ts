/**
 * Reading documents that people write: YAML 1.2 or JSON, with the line and column of everything in it.
 *
 * A document says what it means at the place where it says it: anchors, aliases, merge keys, tags, several documents
 * in one text and doubled keys are refused, so that no reader can take it for another document than its author did.
 */
import {
  Composer,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  Parser,
  type CST,
  type Pair,
  type ParsedNode,
} from 'yaml';
import { BreakwaterError } from './error.ts';

/** What one text may hold. */
export interface DocumentLimits {
  /** Bytes of UTF-8. Default 1 MiB. */
  readonly maxBytes?: number;
  /** Levels of maps and lists. Default 32. */
  readonly maxDepth?: number;
  /** Maps, lists and scalars in all. Default 50,000. */
  readonly maxNodes?: number;
}

/** A value that was read, and where each part of it stands. */
export interface SourceDocument {
  /** Plain JSON. Keys are strings, numbers are finite, every string is well-formed Unicode. */
  readonly value: unknown;
  /** `line:column` (from 1) of the part at a JSON Pointer, or of the nearest part around it that exists. */
  place(pointer: string): string;
}

export const documentLimits = { maxBytes: 1024 * 1024, maxDepth: 32, maxNodes: 50_000 } as const;

/**
 * Reads YAML 1.2 (core schema), of which JSON is a part. With `format: 'json'` only strict JSON is taken.
 *
 * Throws BreakwaterError with `path` = `line:column` and one of these codes: `document.too-large`, `document.encoding`,
 * `document.syntax`, `document.too-deep`, `document.alias`, `document.tag`, `document.several`, `document.empty`,
 * `document.duplicate-key`, `document.key`, `document.number`.
 */
export function readDocument(
  text: string,
  { maxBytes, maxDepth, maxNodes }: DocumentLimits = {},
  format: 'yaml' | 'json' = 'yaml',
): SourceDocument {
  refuseUnreadable(text, maxBytes ?? documentLimits.maxBytes);
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (format === 'json') requireJson(source);
  const lines = new LineCounter();
  const fail: Fail = (offset, code, message) => {
    throw new BreakwaterError(code, message, lineColumn(lines, offset));
  };
  const depth = maxDepth ?? documentLimits.maxDepth;
  const nodes = maxNodes ?? documentLimits.maxNodes;
  const tokens = tokensOf(source, lines, depth, nodes, fail);
  checkTokens(tokens, depth, nodes, fail);
  const root = compose(tokens, lines, source.length, fail);
  return {
    value: toJson(root, fail),
    place: (pointer) => lineColumn(lines, offsetOf(root, pointer)),
  };
}

type Fail = (offset: number, code: string, message: string) => never;

function lineColumn(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${Math.max(line, 1)}:${Math.max(col, 1)}`;
}

function refuseUnreadable(text: string, maxBytes: number): void {
  if (typeof text !== 'string') throw new BreakwaterError('document.encoding', 'a document is text');
  if (text.length > maxBytes || utf8Length(text) > maxBytes) {
    throw new BreakwaterError(
      'document.too-large',
      `the document is larger than ${maxBytes} bytes, the most that is read`,
    );
  }
  const bad = unreadable.exec(text);
  if (bad !== null) {
    const before = text.slice(0, bad.index).split('\n');
    const code = (bad[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    throw new BreakwaterError(
      'document.encoding',
      `the character U+${code} does not belong in a document: save it as plain UTF-8 text`,
      `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`,
    );
  }
}

/** Control characters other than tab and line ends, halves of surrogate pairs, and what lossy decoding leaves behind. */
const unreadable = /[^\P{Cc}\t\n\r\u0085]|\p{Cs}|[\uFFFD-\uFFFF]/u;

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function requireJson(source: string): void {
  const reason = faultOf(source);
  if (reason !== '')
    throw new BreakwaterError('document.syntax', `this is not JSON: ${reason}`, placeOf(reason, source));
}

/** Where the engine says the fault is. It names no place for a text that just ends, and none for a character that begins nothing. */
function placeOf(reason: string, source: string): string {
  const at = /\(line (\d+) column (\d+)\)/.exec(reason);
  if (at !== null) return `${at[1]}:${at[2]}`;
  const before = source.slice(0, isOddCharacter(reason) ? oddCharacterAt(source) : source.length).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

const isOddCharacter = (reason: string): boolean => reason.startsWith('Unexpected token');

/** Every beginning of the text that reaches beyond the odd character trips over it, and no shorter one does. */
function oddCharacterAt(source: string): number {
  let [clean, odd] = [0, source.length];
  while (odd - clean > 1) {
    const middle = (clean + odd) >> 1;
    if (isOddCharacter(faultOf(source.slice(0, middle)))) odd = middle;
    else clean = middle;
  }
  return clean;
}

function faultOf(source: string): string {
  try {
    JSON.parse(source);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Lexemes (marks, spaces, line ends, comments, punctuation) that an honest document spends on one value, at most. */
const lexemesPerNode = 10;

/** The tokens of the text. What is far too deep or too large is refused on the way, before it costs time and memory. */
function tokensOf(source: string, lines: LineCounter, maxDepth: number, maxNodes: number, fail: Fail): CST.Token[] {
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(source)) {
    tokens.push(...parser.next(lexeme));
    // Beside the collections, the stack holds the document and the scalar that is being read.
    if (parser.stack.length > maxDepth + 2) tooDeep(parser.offset, maxDepth, fail);
    if (++lexemes > maxNodes * lexemesPerNode) tooManyValues(parser.offset, maxNodes, fail);
  }
  return [...tokens, ...parser.end()];
}

function tooDeep(offset: number, maxDepth: number, fail: Fail): never {
  return fail(offset, 'document.too-deep', `the document is nested deeper than ${maxDepth} levels`);
}

function tooManyValues(offset: number, maxNodes: number, fail: Fail): never {
  return fail(offset, 'document.too-large', `the document has more than ${maxNodes} values`);
}

/** Walks the tokens without recursion, so that depth and size are refused before anything recursive sees them. */
function checkTokens(tokens: readonly CST.Token[], maxDepth: number, maxNodes: number, fail: Fail): void {
  const pending = tokens.map((token) => ({ token, depth: 0 })).toReversed();
  let documents = 0;
  let nodes = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { token, depth } = next;
    if (nodes > maxNodes) tooManyValues(token.offset, maxNodes, fail);
    const inside: { token: CST.Token; depth: number }[] = [];
    const visit = (inner: CST.Token | null | undefined, deeper: number): void => {
      if (inner !== null && inner !== undefined) inside.push({ token: inner, depth: deeper });
    };
    switch (token.type) {
      case 'document':
        if (++documents > 1) fail(token.offset, 'document.several', 'the text holds several documents: keep one');
        token.start.forEach((part) => visit(part, depth));
        visit(token.value, depth);
        break;
      case 'block-map':
      case 'block-seq':
      case 'flow-collection': {
        if (depth >= maxDepth) tooDeep(token.offset, maxDepth, fail);
        for (const item of token.items) {
          nodes++;
          item.start.forEach((part) => visit(part, depth + 1));
          visit(item.key, depth + 1);
          item.sep?.forEach((part) => visit(part, depth + 1));
          visit(item.value, depth + 1);
        }
        break;
      }
      case 'block-scalar':
        token.props.forEach((part) => visit(part, depth));
        break;
      case 'alias':
      case 'anchor':
        fail(
          token.offset,
          'document.alias',
          `anchors and aliases are not read (${clip(token.source)}): write the value out`,
        );
        break;
      case 'tag':
        fail(token.offset, 'document.tag', `tags are not read (${clip(token.source)}): remove it`);
        break;
      case 'directive':
        fail(
          token.offset,
          'document.tag',
          `directives are not read (${clip(token.source)}): remove it; YAML 1.2 is assumed`,
        );
        break;
      default:
        break;
    }
    // In reading order, so that the first fault is the one that is named.
    for (const part of inside.toReversed()) pending.push(part);
  }
}

function compose(tokens: readonly CST.Token[], lines: LineCounter, end: number, fail: Fail): ParsedNode {
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    uniqueKeys: false,
    merge: false,
    lineCounter: lines,
  });
  const [document] = composer.compose(tokens, true, end);
  const problem = document?.errors[0] ?? document?.warnings[0];
  if (problem !== undefined) fail(problem.pos[0], 'document.syntax', problem.message.replaceAll('\n', ' '));
  const root = document?.contents ?? null;
  if (root === null) return fail(0, 'document.empty', 'the document is empty');
  return root;
}

function toJson(node: ParsedNode | null, fail: Fail): unknown {
  if (isMap<ParsedNode, ParsedNode | null>(node)) {
    const object: Record<string, unknown> = {};
    for (const { key, value } of node.items) {
      const at = key.range[0];
      const name = keyText(key);
      if (name === null) return fail(at, 'document.key', 'a key is text: put it in quotes');
      if (name === '<<') return fail(at, 'document.alias', 'merge keys are not read: write the values out');
      if (name === '__proto__') return fail(at, 'document.key', 'the key "__proto__" is not allowed');
      if (Object.hasOwn(object, name)) {
        return fail(at, 'document.duplicate-key', `the key ${JSON.stringify(clip(name))} is given twice: keep one`);
      }
      object[name] = toJson(value, fail);
    }
    return object;
  }
  if (isSeq<ParsedNode | null>(node)) return node.items.map((item) => toJson(item, fail));
  if (!isScalar(node)) return null;
  const { value } = node;
  const at = node.range?.[0] ?? 0;
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return fail(at, 'document.number', 'the number is not finite or too large');
  }
  if (typeof value === 'string' && (!value.isWellFormed() || value.includes('\0'))) {
    return fail(at, 'document.encoding', 'the text holds NUL or half a surrogate pair: remove it');
  }
  return value;
}

/** Text of a key: a string, or a plain word that YAML takes for a number, a truth value or null; null for collections. */
function keyText(key: ParsedNode): string | null {
  if (!isScalar(key)) return null;
  return typeof key.value === 'string' ? key.value : (key.source ?? null);
}

function offsetOf(root: ParsedNode, pointer: string): number {
  let node: ParsedNode | null = root;
  let offset = root.range[0];
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (isMap<ParsedNode, ParsedNode | null>(node)) {
      const pair: Pair<ParsedNode, ParsedNode | null> | undefined = node.items.find(({ key }) => keyText(key) === name);
      if (pair === undefined) return offset;
      node = pair.value;
      offset = pair.key.range[0];
    } else if (isSeq<ParsedNode | null>(node)) {
      const item: ParsedNode | null | undefined = node.items[Number(name)];
      if (item === undefined || item === null) return offset;
      node = item;
      offset = item.range[0];
    } else {
      return offset;
    }
  }
  return offset;
}

function clip(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
