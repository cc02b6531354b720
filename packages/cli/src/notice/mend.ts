/** Changing one value in a file that a person wrote: what else they wrote stays. */
import { randomBytes } from 'node:crypto';
import { open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { parseDocument } from 'yaml';

/** Replaces the text at `path` of a YAML or JSON file; comments and order stay. The file is whole at every moment. */
export async function mendFile(file: string, path: readonly string[], text: string): Promise<void> {
  const document = parseDocument(await readFile(file, 'utf8'));
  document.setIn(path, text);
  const isJson = file.toLowerCase().endsWith('.json');
  const mended = isJson ? `${JSON.stringify(document.toJS(), null, 2)}\n` : document.toString({ lineWidth: 0 });
  const staged = `${file}.${randomBytes(6).toString('hex')}.new`;
  const handle = await open(staged, 'wx', (await stat(file)).mode);
  try {
    await handle.writeFile(mended);
    await handle.sync();
    await handle.close();
    await rename(staged, file);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await unlink(staged).catch(() => undefined);
    throw error;
  }
}
