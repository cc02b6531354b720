/**
 * Sets pages and attaches members as PDF/A-3b. Runs as a process of its own: the compiler is native code that works
 * for a second or more without yielding, and its environment (fonts, locale, time zone) is fixed by whoever starts it.
 *
 * Standard input: one line of JSON ({@link TypesetJob}), then the bytes of the members in its order. Standard output: the PDF.
 */
import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import type { Pages } from './block.ts';
import { coverage, printable, readFonts } from './font.ts';

const here = import.meta.dirname;

export interface TypesetJob {
  readonly pages: Pages;
  readonly members: readonly { readonly path: string; readonly size: number; readonly mime: string }[];
  /** Seconds since 1970 that the PDF names as its creation. */
  readonly createdAt: number;
}

/** Throws Error with the compiler's own words when the pages cannot be set. */
export function typeset(job: TypesetJob, memberBytes: Buffer): Buffer {
  const fonts = readFonts();
  const covered = coverage(fonts[0] ?? Buffer.alloc(0));
  const compiler = NodeCompiler.create({ workspace: here, fontArgs: [{ fontBlobs: fonts }] });
  const pages = JSON.stringify(job.pages, (_, value: unknown) =>
    typeof value === 'string' ? printable(value, covered) : value,
  );
  let at = 0;
  const members = job.members.map(({ path, size, mime }) => ({ path, at: (at += size) - size, size, mime }));
  compiler.addSource(`${here}/dossier.typ`, readFileSync(`${here}/dossier.typ`, 'utf8'));
  compiler.mapShadow(`${here}/pages.json`, Buffer.from(pages));
  compiler.mapShadow(`${here}/members.json`, Buffer.from(JSON.stringify(members)));
  compiler.mapShadow(`${here}/members.bin`, memberBytes);
  const compiled = compiler.compile({ mainFilePath: `${here}/dossier.typ` });
  const diagnostics = compiled.takeDiagnostics();
  if (compiled.result === null || diagnostics !== null) {
    const said = diagnostics === null ? 'no document' : JSON.stringify(compiler.fetchDiagnostics(diagnostics));
    throw new Error(`the pages cannot be set: ${said}`);
  }
  return compiler.pdf(compiled.result, { pdfStandard: 'a-3b', creationTimestamp: job.createdAt });
}

if (import.meta.main) {
  const input = await buffer(process.stdin);
  const newline = input.indexOf(0x0a);
  const job = JSON.parse(input.toString('utf8', 0, newline)) as TypesetJob;
  process.stdout.write(typeset(job, input.subarray(newline + 1)));
}
