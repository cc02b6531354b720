/** Renders the PDF of a dossier in a process of its own, whose environment is the same on every machine. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BreakwaterError } from '@breakwater/rules';
import type { Pages } from './block.ts';
import type { TypesetJob } from './typeset.ts';

const child = fileURLToPath(new URL('./typeset.ts', import.meta.url));
const mimes: Readonly<Record<string, string>> = {
  json: 'application/json',
  txt: 'text/plain',
  tsr: 'application/timestamp-reply',
};

/** No fonts of the machine, no locale, no time zone, nothing of whoever asks. Large thresholds keep the C library from giving pages back between attachments. */
const environment = {
  FONTCONFIG_FILE: fileURLToPath(new URL('./fonts.conf', import.meta.url)),
  LANG: 'C',
  TZ: 'UTC',
  MALLOC_TRIM_THRESHOLD_: '1073741824',
  MALLOC_MMAP_THRESHOLD_: '1073741824',
};

/**
 * The bytes of the PDF: the same for the same pages and members on every machine with these versions.
 *
 * Throws BreakwaterError `review.not-rendered` with what the compiler said.
 */
export async function renderPdf(
  pages: Pages,
  members: readonly { readonly path: string; readonly bytes: Uint8Array }[],
  createdAt: number,
): Promise<Uint8Array> {
  const job: TypesetJob = {
    pages,
    members: members.map(({ path, bytes }) => ({ path, size: bytes.length, mime: mimeOf(path) })),
    createdAt,
  };
  const process_ = spawn(process.execPath, [child], { env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
  const output = collect(process_.stdout);
  const said = collect(process_.stderr);
  const ended = new Promise<number | null>((resolve, reject) => {
    process_.on('error', reject);
    process_.on('close', resolve);
  });
  process_.stdin.on('error', () => undefined);
  process_.stdin.end(Buffer.concat([Buffer.from(`${JSON.stringify(job)}\n`), ...members.map(({ bytes }) => bytes)]));
  const code = await ended;
  if (code !== 0) {
    const reason =
      (await said)
        .toString('utf8')
        .split('\n')
        .find((line) => /error/i.test(line)) ?? `exit ${code}`;
    throw new BreakwaterError('review.not-rendered', `the PDF cannot be rendered: ${reason.trim()}`);
  }
  return output;
}

function mimeOf(path: string): string {
  return mimes[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
}

async function collect(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
