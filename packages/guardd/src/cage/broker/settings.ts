/** What a broker is told by the host: which model, where, with which key. The key comes from a file or the environment only. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { BreakwaterError } from '@breakwater/rules/error';

/** How a provider is spoken to. Paths are those that a cage may ask for; the key goes into one header. */
export interface Provider {
  readonly paths: readonly string[];
  keyHeaders(key: string): Record<string, string>;
}

export type ProviderName = 'openai-compatible' | 'anthropic';

/** Of the providers' own references, as known on 2026-11-22. */
export const providers: Readonly<Record<ProviderName, Provider>> = {
  'openai-compatible': {
    paths: ['/v1/chat/completions', '/v1/responses'],
    keyHeaders: (key) => ({ Authorization: `Bearer ${key}` }),
  },
  anthropic: {
    paths: ['/v1/messages'],
    keyHeaders: (key) => ({ 'X-Api-Key': key }),
  },
};

/** Where the key lies. `none` is for a model on this machine that asks for none. */
export type KeySource = { readonly file: string } | { readonly env: string } | 'none';

/** Reads the key; null = none is needed. Throws BreakwaterError `broker.key` that names the place, never the text. */
export function readKey(source: KeySource): string | null {
  if (source === 'none') return null;
  const place = 'file' in source ? source.file : `$${source.env}`;
  const key = ('file' in source ? tryRead(source.file) : (process.env[source.env] ?? '')).trim();
  if (key === '') throw new BreakwaterError('broker.key', 'the key of the model is missing or empty', place);
  if (!/^[\x21-\x7e]{8,4096}$/.test(key))
    throw new BreakwaterError('broker.key', 'the key of the model must be one word of 8 to 4096 characters', place);
  return key;
}

function tryRead(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/**
 * The model's address, which ends before `/v1` or with it. Throws BreakwaterError `broker.endpoint` unless it is HTTPS, or HTTP
 * to this very machine: a key and a prompt never cross a network in the clear.
 */
export function readEndpoint(text: string): URL {
  const fail = (why: string): never => {
    throw new BreakwaterError('broker.endpoint', `the address of the model ${why}`, 'endpoint');
  };
  if (!URL.canParse(text)) return fail('must be a URL such as https://models.example/v1');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return fail('must hold no user, query or fragment');
  const local = isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local))
    return fail('must be https, or http to 127.0.0.1 or [::1]');
  url.pathname = url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '');
  return url;
}

function isLoopback(hostname: string): boolean {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  return address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}
