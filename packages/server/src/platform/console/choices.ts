/** What a reader chose before: language and brightness, from the address, cookies and the browser. */
import type { FastifyRequest } from 'fastify';

type Language = 'ko' | 'en';

const isLanguage = (text: string | null | undefined): text is Language => text === 'ko' || text === 'en';

/** Cookies by name; of two with one name the first, as the browser orders them. */
function cookieOf(header: string): ReadonlyMap<string, string> {
  const pairs = header.split(';').map((pair) => pair.trim().split('=') as [string, string?]);
  return new Map(pairs.toReversed().map(([name, value = '']) => [name, value]));
}

/** The address wins, then the cookie, then the browser's first of ours; Korean otherwise. */
function languageOf(asked: string | null, cookie: ReadonlyMap<string, string>, accepted: string): Language {
  if (isLanguage(asked)) return asked;
  const kept = cookie.get('breakwater-language');
  if (isLanguage(kept)) return kept;
  const first = accepted
    .split(',')
    .map((one) => one.trim().slice(0, 2).toLowerCase())
    .find((one) => isLanguage(one));
  return isLanguage(first) ? first : 'ko';
}

function themeOf(cookie: ReadonlyMap<string, string>): 'dark' | 'light' | null {
  const kept = cookie.get('breakwater-theme');
  return kept === 'dark' || kept === 'light' ? kept : null;
}

/** Language and brightness of whoever asks; theme null: that of the system. */
export function choicesOf({ url, headers }: FastifyRequest): { language: Language; theme: 'dark' | 'light' | null } {
  const cookie = cookieOf(headers.cookie ?? '');
  const asked = new URL(url, 'http://console').searchParams.get('lang');
  return { language: languageOf(asked, cookie, headers['accept-language'] ?? ''), theme: themeOf(cookie) };
}
