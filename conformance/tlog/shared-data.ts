/** The public test data beside a checkout, when it is there. It belongs to others, so it is never copied here. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

const FOLDER = new URL('../../../shared/conformance/tlog/', import.meta.url).pathname;

/** Why the cases are skipped, or `false` when the data is present. */
export const absent: string | false = existsSync(FOLDER) ? false : `the public test data is not at ${FOLDER}`;

/** One JSON file of the data; the caller says what it holds. */
export function readShared(name: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
}

/** Every JSON file below a folder of the data, with its path as the name of its case. */
export function readSharedFolder<T>(folder: string): [name: string, content: T][] {
  if (absent !== false) return [];
  return readdirSync(join(FOLDER, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [relative(FOLDER, path), JSON.parse(readFileSync(path, 'utf8')) as T]);
}
