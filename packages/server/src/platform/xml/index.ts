import { BreakwaterError } from '@breakwater/rules';
import type { TagReader } from '@breakwater/rules/xml';
import { SaxesParser } from 'saxes';

/** Levels of elements that are followed. */
const mostDepth = 64;
/** Most attributes of one element, and most characters of all their values. */
const mostAttributes = 64;
const mostAttributeText = 256 * 1024;

/**
 * Reads an XML document as it comes in and gives `reader` its tags. Document types with declarations of their own are refused,
 * so that no entity can grow or fetch anything; the five of XML itself are known.
 *
 * Throws BreakwaterError `xml.syntax`, `xml.declaration`, `xml.too-deep`, `xml.too-large`, or what `reader` throws, with
 * `path` = `line:column`.
 */
export async function readXml<T>(
  chunks: AsyncIterable<Uint8Array>,
  reader: TagReader<T>,
  maxBytes: number,
): Promise<T> {
  const parser = new SaxesParser({ xmlns: false, position: true });
  const place = (): string => `${parser.line}:${parser.column + 1}`;
  const refuse = (code: string, message: string): never => {
    throw new BreakwaterError(code, message, place());
  };
  let depth = 0;
  parser.on('error', (error) => {
    const said = error.message.replace(/^\d+:\d+: /, '').replace(/[^\x20-\x7e]/g, '?');
    refuse('xml.syntax', `${said.slice(0, 200)}: export the report again`);
  });
  parser.on('doctype', (text) => {
    if (/[[<]/.test(text)) refuse('xml.declaration', 'the document declares entities or elements: remove its DOCTYPE');
  });
  parser.on('opentag', ({ name, attributes }) => {
    depth += 1;
    if (depth > mostDepth) refuse('xml.too-deep', `elements are nested deeper than ${mostDepth}: this is no report`);
    const values = Object.values(attributes);
    if (values.length > mostAttributes || values.reduce((sum, one) => sum + one.length, 0) > mostAttributeText) {
      refuse('xml.too-large', `the attributes of <${name.slice(0, 40)}> are larger than any report has them`);
    }
    at(place(), () => reader.open(name, attributes, place()));
  });
  parser.on('text', (text) => reader.text(text));
  parser.on('cdata', (text) => reader.text(text));
  parser.on('closetag', () => {
    depth -= 1;
    at(place(), () => reader.close(place()));
  });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes)
      refuse('xml.too-large', `the document is larger than ${maxBytes} bytes, the most that is read`);
    parser.write(decoded(decoder, chunk, place()));
  }
  parser.write(decoded(decoder, null, place()));
  parser.close();
  return at(place(), () => reader.end());
}

function decoded(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array | null, place: string): string {
  try {
    return chunk === null ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw new BreakwaterError('xml.encoding', 'the document is not UTF-8: export it as UTF-8', place);
  }
}

/** What `work` gives; a refusal without a place gets this one. */
function at<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof BreakwaterError && error.path === '') {
      throw new BreakwaterError(error.code, error.message, place);
    }
    throw error;
  }
}

/** Pieces of what is in memory, that let other work go on between them. */
export async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const piece = 256 * 1024;
  for (let from = 0; from < bytes.length; from += piece) {
    yield bytes.subarray(from, from + piece);
    await new Promise(setImmediate);
  }
}
