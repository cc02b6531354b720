/** Changing one value in a file that a person wrote: what else they wrote stays. */
import { randomBytes } from 'node:crypto';
import { open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { isScalar, parseDocument, stringify } from 'yaml';

/** Replaces the text at `path` of a YAML or JSON file and nothing else of it. The file is whole at every moment. */
export async function mendFile(file: string, path: readonly string[], text: string): Promise<void> {
  const mended = withText(await readFile(file, 'utf8'), path, text);
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

/** The same source with another text in one place: written as plainly as before where that still reads as this text. */
function withText(source: string, path: readonly string[], text: string): string {
  const document = parseDocument(source);
  const node = document.getIn(path, true);
  if (isScalar(node) && node.range !== null && node.range !== undefined) {
    const [start, end] = node.range;
    const after = `${source.slice(start, end).endsWith('\n') ? '\n' : ''}${source.slice(end)}`;
    const ways = node.type === 'PLAIN' ? [stringify(text, { lineWidth: 0 }).trimEnd()] : [];
    for (const written of [...ways, JSON.stringify(text)]) {
      const mended = `${source.slice(0, start)}${written}${after}`;
      const read = parseDocument(mended);
      if (read.errors.length === 0 && read.getIn(path) === text) return mended;
    }
  }
  document.setIn(path, text);
  return document.toString({ lineWidth: 0 });
}
