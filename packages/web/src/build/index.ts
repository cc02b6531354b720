/** The door of the console for the server: its built files and the program that writes its documents. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { DocumentProgram, DocumentRequest } from './document-request.ts';

export type { BuiltFiles, DocumentProgram, DocumentRequest, LeverPulled } from './document-request.ts';

/** A built console. */
export interface Console {
  /** Folder of the files that the browser loads, by hashed names under `assets/`. */
  readonly assets: string;
  /** The whole HTML document of a page. */
  document(request: DocumentRequest): string;
  /** True for an address of a page of the console. */
  isPage(path: string): boolean;
}

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const builds = join(root, '.breakwater', 'console');
/** Everything that the console is made of. */
const sources = ['packages/web/src', 'packages/client/src', 'packages/rules/src', 'packages/verify/src'];
/** Old builds that are kept: a server that was started before an update still serves its own. */
const keptBuilds = 3;

/**
 * The console of these sources, built now when it was not before (some seconds; `building` is told). Rejects when it
 * cannot be built, with the builder's words.
 */
export async function openConsole(building: () => void): Promise<Console> {
  const folder = join(builds, printOfSources());
  if (existsSync(folder)) await utimes(folder, new Date(), new Date()).catch(() => undefined);
  else {
    building();
    await buildInto(folder);
  }
  return load(folder);
}

/** A hash over names and contents of all sources and the versions of all packages. */
function printOfSources(): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  const files = sources.flatMap((folder) =>
    globSync('**/*.{ts,tsx,css,json}', { cwd: join(root, folder) })
      .filter((file) => !/\.(test|testing)\.tsx?$/.test(file))
      .map((file) => join(folder, file)),
  );
  for (const file of files.toSorted()) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex').slice(0, 16);
}

/** Builds beside and moves into place whole: half a build is never served, and of two builders one wins. */
async function buildInto(folder: string): Promise<void> {
  const half = `${folder}.${process.pid}`;
  await mkdir(half, { recursive: true });
  try {
    await run(half);
    await rename(half, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
    await forgetOldBuilds();
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}

async function run(folder: string): Promise<void> {
  const program = fileURLToPath(new URL('build-process.ts', import.meta.url));
  const builder = spawn(process.execPath, [program, folder], {
    cwd: join(root, 'packages', 'web'),
    env: { PATH: process.env['PATH'], NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  builder.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-2000)));
  const code = await new Promise<number | null>((resolve, reject) => {
    builder.once('error', reject);
    builder.once('close', resolve);
  });
  if (code !== 0) throw new Error(`the console could not be built: ${said.trim()}`);
}

async function forgetOldBuilds(): Promise<void> {
  const names = (await readdir(builds)).filter((name) => /^[0-9a-f]{16}$/.test(name));
  const dated = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(builds, name)).catch(() => null))?.mtimeMs ?? 0 })),
  );
  for (const { name } of dated.toSorted((a, b) => b.at - a.at).slice(keptBuilds)) {
    await rm(join(builds, name), { recursive: true, force: true });
  }
}

/** An entry of Vite's manifest. */
interface Built {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly isEntry?: boolean;
}

async function load(folder: string): Promise<Console> {
  const assets = join(folder, 'browser');
  const manifest = JSON.parse(await readFile(join(assets, '.vite', 'manifest.json'), 'utf8')) as Record<string, Built>;
  const entry = Object.values(manifest).find(({ isEntry }) => isEntry === true);
  if (entry === undefined) throw new Error(`the console in ${folder} has no entry`);
  const chunks = (entry.imports ?? []).flatMap((name) => manifest[name] ?? []);
  const styles = Object.values(manifest).flatMap(({ file }) => (file.endsWith('.css') ? file : []));
  const { documentOf, isPage } = (await import(
    pathToFileURL(join(folder, 'document', 'document.js')).href
  )) as DocumentProgram;
  const files = {
    script: `/${entry.file}`,
    preloads: chunks.map(({ file }) => `/${file}`),
    styles: styles.map((file) => `/${file}`),
  };
  return { assets, isPage, document: (request) => documentOf(request, files) };
}
