/** Prints an address for each GET of the API, with a value in place of each parameter, from the committed OpenAPI document. */
import { readFileSync } from 'node:fs';

const [api = ''] = process.argv.slice(2);
const document = JSON.parse(readFileSync(new URL('../../packages/client/openapi.json', import.meta.url), 'utf8'));
for (const [path, { get }] of Object.entries(document.paths)) {
  // Streams never end, and a scanner waits for each.
  if (get === undefined || /watch|feed|events/.test(path)) continue;
  const query = (get.parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => `${name}=1`);
  const search = query.length === 0 ? '' : `?${query.join('&')}`;
  process.stdout.write(`${api}/v1${path.replaceAll(/\{\w+\}/g, '1')}${search}\n`);
}
