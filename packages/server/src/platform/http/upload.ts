import type { Readable } from 'node:stream';
import { BreakwaterError } from '@breakwater/rules';
import type { Http } from './http.ts';

/** Lets routes of this scope take a file as their body, as it comes in: `application/octet-stream`. */
export function takeFiles(scope: Http): void {
  scope.addContentTypeParser('application/octet-stream', async (_request: unknown, body: Readable) => body);
}

/** The whole body of a route that takes files. Throws BreakwaterError `import.too-large` beyond `mostBytes`. */
export async function fileOf(body: unknown, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) {
      throw new BreakwaterError('import.too-large', `a file has at most ${mostBytes} bytes: divide it`, '1:1');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
