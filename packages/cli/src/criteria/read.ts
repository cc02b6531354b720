import { type PolicyPack, getPack, parsePack, readDocument } from '@breakwater/rules';
import { readTextFile } from '../frame.ts';

/** The most that is read of facts or of a pack. */
const most = { maxBytes: 8 * 1024 * 1024, maxDepth: 16, maxNodes: 400_000 } as const;

/** A document of facts or a pack in YAML or JSON, with `line:column` of its parts; a name in `.json` means strict JSON. */
export async function readFile(file: string): Promise<ReturnType<typeof readDocument>> {
  const text = await readTextFile(file, most.maxBytes);
  return readDocument(text, most, file.toLowerCase().endsWith('.json') ? 'json' : 'yaml');
}

/** A pack by its id, or from a file: whatever has a folder or an ending in its name is a file. */
export async function findPack(name: string): Promise<PolicyPack> {
  return /[/\\]|\.(?:json|ya?ml)$|^-$/i.test(name) ? readPackFile(name) : getPack(name);
}

export async function readPackFile(file: string): Promise<PolicyPack> {
  const { value, place } = await readFile(file);
  return parsePack(value, place);
}
