/** A dossier as its members: what the other checks read, and how. */
import { BreakwaterError } from '@breakwater/rules';
import type { Manifest } from '@breakwater/rules/review';
import { type Member, readContainer } from './container.ts';
import type { Crypto } from './crypto.ts';

const MAX_DEPTH = 64;

/** The members by path. Reading one that is not there or not what it should be throws BreakwaterError `dossier.member`. */
export class Dossier {
  readonly paths: readonly string[];
  readonly #members: ReadonlyMap<string, Uint8Array>;

  constructor(members: readonly Member[]) {
    this.paths = members.map(({ path }) => path).toSorted();
    this.#members = new Map(members.map(({ path, bytes }) => [path, bytes]));
  }

  /** Throws as {@link readContainer}. */
  static open(zip: Uint8Array, crypto: Crypto): Dossier {
    return new Dossier(readContainer(zip, crypto));
  }

  has(path: string): boolean {
    return this.#members.has(path);
  }

  /** Paths in `folder/`, in order. */
  within(folder: string): string[] {
    return this.paths.filter((path) => path.startsWith(`${folder}/`));
  }

  bytes(path: string): Uint8Array {
    const bytes = this.#members.get(path);
    if (bytes === undefined) throw new BreakwaterError('dossier.member', 'the member is missing', path);
    return bytes;
  }

  text(path: string): string {
    try {
      return utf8.decode(this.bytes(path));
    } catch (error) {
      if (error instanceof BreakwaterError) throw error;
      throw new BreakwaterError('dossier.member', 'the member is not UTF-8', path);
    }
  }

  json(path: string): unknown {
    return parseJson(this.text(path), path);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** JSON of at most 64 levels. Throws BreakwaterError `dossier.member` at `path`. */
export function parseJson(text: string, path: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BreakwaterError('dossier.member', 'it is not JSON', path);
  }
  if (!within(value, MAX_DEPTH))
    throw new BreakwaterError('dossier.member', `it has more than ${MAX_DEPTH} levels`, path);
  return value;
}

function within(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => within(inner, depth - 1));
}

/** A dossier whose manifest was read. */
export interface Opened {
  readonly dossier: Dossier;
  readonly manifest: Manifest;
}
