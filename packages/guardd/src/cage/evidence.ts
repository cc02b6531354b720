/** The artefacts of a cage: files in its folder, each with its digest. */
import { createHash } from 'node:crypto';
import { createReadStream, lstatSync, readdirSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Containment } from '@breakwater/rules/containment';

type Artefact = NonNullable<Containment['evidence']>[number];

const mostFiles = 10_000;
const deepest = 32;

/** Every regular file under `folder`, by name. Links and devices are passed over: a tool may have made them. */
export async function digestFolder(folder: string): Promise<Artefact[]> {
  const artefacts: Artefact[] = [];
  for (const path of filesUnder(folder)) {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    artefacts.push({ name: relative(folder, path), bytes, digest: `sha256:${hash.digest('hex')}` });
  }
  return artefacts;
}

/** Copies the regular files that a tool wrote. */
export async function keepWritten(from: string, to: string): Promise<void> {
  for (const path of filesUnder(from)) {
    const target = join(to, relative(from, path));
    await mkdir(join(target, '..'), { recursive: true, mode: 0o700 });
    await copyFile(path, target);
  }
}

function filesUnder(folder: string, depth = 0): string[] {
  const files: string[] = [];
  for (const name of readdirSync(folder).toSorted()) {
    const path = join(folder, name);
    const stat = lstatSync(path);
    if (stat.isFile()) files.push(path);
    else if (stat.isDirectory() && depth < deepest) files.push(...filesUnder(path, depth + 1));
    if (files.length > mostFiles) break;
  }
  return files.slice(0, mostFiles);
}
