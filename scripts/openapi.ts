/** `npm run openapi`: writes the OpenAPI document of the routes and the types of the client. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openApi } from '@breakwater/server';
import { typescriptOf, type OpenApi } from './typescript-of.ts';

const root = join(import.meta.dirname, '..');

/** The generated files by their paths in the repository. */
export async function generated(): Promise<Record<string, string>> {
  const document = sortKeys(await openApi()) as OpenApi;
  return {
    'packages/client/openapi.json': `${JSON.stringify(document, null, 2)}\n`,
    'packages/client/src/generated/api.ts': typescriptOf(document),
  };
}

/** The same document whatever the order in which routes were added. Lists keep theirs. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, child]) => [key, sortKeys(child)]));
}

if (import.meta.main) {
  for (const [path, text] of Object.entries(await generated())) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    process.stdout.write(`${path}\n`);
  }
}
