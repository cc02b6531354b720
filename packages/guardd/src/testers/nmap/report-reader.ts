/** nmap's XML while it is being written, by a parser that holds one host's line of it at a time. */
import { StringDecoder } from 'node:string_decoder';
import { SaxesParser } from 'saxes';

/** Of one whole report. */
const maxBytes = 512 * 1024 * 1024;
/** Of one tag, text or comment. */
const maxPart = 1024 * 1024;
const maxDepth = 32;
const sliceBytes = 64 * 1024;

/** One port, or several that nmap tells together because they gave the same answer. */
export interface NmapPort {
  readonly kind: 'port';
  readonly address: string;
  readonly protocol: string;
  /** Numbers and ranges as nmap writes them: `443`, `1-1024,8080`; null when it did not tell. */
  readonly ports: string | null;
  readonly state: string;
  readonly reason: string;
  /** Who answered, when it was not the target; null when nmap does not tell. */
  readonly reasonAddress: string | null;
  readonly service: string;
  readonly scripts: readonly { readonly id: string; readonly output: string }[];
}
export interface NmapHost {
  readonly kind: 'host';
  readonly address: string;
  readonly state: string;
  readonly reason: string;
}
export interface NmapProgress {
  readonly kind: 'progress';
  readonly task: string;
  readonly percent: string;
}
/** The report is complete; `exit` is `success` or `error`. */
export interface NmapFinished {
  readonly kind: 'finished';
  readonly exit: string;
  readonly error: string;
}
export type NmapSeen = NmapPort | NmapHost | NmapProgress | NmapFinished;

export interface NmapReader {
  /** What the next bytes told. Nothing more comes after {@link broken} is set. */
  write(chunk: Buffer): NmapSeen[];
  /** The end of the bytes: a report that is not complete is broken. */
  end(): NmapSeen[];
  /** Why the rest is not read; null = nothing is wrong so far. Never quotes what was read. */
  readonly broken: string | null;
}

class Broken extends Error {
  override readonly name = 'Broken';
}

interface OpenHost {
  address: string;
  state: string;
  reason: string;
}
interface OpenPort {
  protocol: string;
  ports: string | null;
  state: string;
  reason: string;
  reasonAddress: string | null;
  service: string;
  scripts: { id: string; output: string }[];
}

/** Scripts of one port, and what is kept of each output. */
const maxScripts = 64;
const maxOutput = 4096;

/**
 * Reads one report. Entities are never defined and never expanded but for the five of XML; a document type with content, too deep
 * a nesting, too long a part or too long a report ends the reading.
 */
export function createNmapReader(): NmapReader {
  const decoder = new StringDecoder('utf8');
  const parser = new SaxesParser({ xmlns: false, position: false });
  let seen: NmapSeen[] = [];
  let broken: string | null = null;
  let bytes = 0;
  let part = 0;
  const path: string[] = [];
  let host: OpenHost | null = null;
  let port: OpenPort | null = null;
  let extraState = '';

  const tellPort = (open: OpenPort): void => {
    if (host !== null && host.address !== '') seen.push({ kind: 'port', address: host.address, ...open });
  };
  const opened: Readonly<Record<string, (of: Attributes) => void>> = {
    host: () => (host = { address: '', state: '', reason: '' }),
    status(of) {
      if (host !== null) Object.assign(host, { state: of('state'), reason: of('reason') });
    },
    address(of) {
      if (host !== null && of('addrtype').startsWith('ipv')) host.address = of('addr');
    },
    port(of) {
      port = { ...emptyPort, protocol: of('protocol'), ports: of('portid'), scripts: [] };
    },
    state(of) {
      if (port === null) return;
      const from = of('reason_ip');
      Object.assign(port, { state: of('state'), reason: of('reason'), reasonAddress: from === '' ? null : from });
    },
    service(of) {
      if (port !== null) port.service = ['name', 'product', 'version'].map(of).filter(Boolean).join(' ').slice(0, 500);
    },
    script(of) {
      if (port === null || port.scripts.length >= maxScripts) return;
      port.scripts.push({ id: of('id').slice(0, 128), output: of('output').slice(0, maxOutput) });
    },
    extraports: (of) => (extraState = of('state')),
    extrareasons(of) {
      const ports = of('ports');
      tellPort({
        ...emptyPort,
        protocol: of('proto'),
        ports: ports === '' ? null : ports,
        state: extraState,
        reason: of('reason'),
      });
    },
    taskprogress: (of) => seen.push({ kind: 'progress', task: of('task'), percent: of('percent') }),
    finished: (of) => seen.push({ kind: 'finished', exit: of('exit'), error: of('errormsg') }),
  };
  const closed: Readonly<Record<string, () => void>> = {
    port() {
      if (port !== null) tellPort(port);
      port = null;
    },
    host() {
      if (host !== null && host.address !== '') seen.push({ kind: 'host', ...host });
      host = null;
    },
  };

  const whole = (): void => void (part = 0);
  parser.on('error', () => {
    throw new Broken('it is not well-formed XML');
  });
  parser.on('doctype', (text) => {
    whole();
    if (/[[<]/.test(text)) throw new Broken('its document type has content');
  });
  for (const event of ['text', 'comment', 'cdata', 'processinginstruction'] as const) parser.on(event, whole);
  parser.on('opentag', (tag) => {
    whole();
    if (path.length === 0 && tag.name !== 'nmaprun') throw new Broken('it is no report of nmap');
    if (path.push(tag.name) > maxDepth) throw new Broken(`it is nested deeper than ${maxDepth}`);
    handlerOf(opened, tag.name)?.((name) => (Object.hasOwn(tag.attributes, name) ? (tag.attributes[name] ?? '') : ''));
  });
  parser.on('closetag', (tag) => {
    whole();
    path.pop();
    handlerOf(closed, tag.name)?.();
  });

  const feed = (work: () => void): NmapSeen[] => {
    if (broken === null) {
      try {
        work();
      } catch (error) {
        broken = error instanceof Broken ? error.message : 'it is not well-formed XML';
      }
    }
    const told = seen;
    seen = [];
    return told;
  };
  return {
    write: (chunk) =>
      feed(() => {
        for (let from = 0; from < chunk.length; from += sliceBytes) {
          const slice = chunk.subarray(from, from + sliceBytes);
          bytes += slice.length;
          part += slice.length;
          if (bytes > maxBytes) throw new Broken(`it is longer than ${maxBytes} bytes`);
          parser.write(decoder.write(slice));
          if (part > maxPart) throw new Broken(`a part of it is longer than ${maxPart} bytes`);
        }
      }),
    end: () =>
      feed(() => {
        if (path.length > 0 || bytes === 0) throw new Broken('it ends in the middle');
        parser.write(decoder.end()).close();
      }),
    get broken() {
      return broken;
    },
  };
}

type Attributes = (name: string) => string;

const emptyPort: OpenPort = {
  protocol: '',
  ports: null,
  state: '',
  reason: '',
  reasonAddress: null,
  service: '',
  scripts: [],
};

function handlerOf<T>(handlers: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(handlers, name) ? handlers[name] : undefined;
}
