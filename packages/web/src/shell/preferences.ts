/** Language and brightness: kept in cookies, so that the first byte of a page has them already. */
import { languages, type Language } from '#words';

export type Theme = 'dark' | 'light';

const year = 31_536_000;

function keep(name: string, value: string): void {
  const secure = location.protocol === 'https:' ? '; secure' : '';
  document.cookie = `${name}=${value}; path=/; max-age=${year}; samesite=strict${secure}`;
}

const isLanguage = (text: string | null | undefined): text is Language => languages.some((one) => one === text);

/** The language of this document: the address wins, then what the server wrote by the cookie. */
export function presentLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang');
  if (isLanguage(asked)) return asked;
  return isLanguage(document.documentElement.lang) ? document.documentElement.lang : 'ko';
}

export function keepLanguage(language: Language): void {
  document.documentElement.lang = language;
  keep('breakwater-language', language);
}

/** The brightness that is on screen now, chosen or the system's. */
function presentTheme(): Theme {
  const chosen = document.documentElement.dataset['theme'];
  if (chosen === 'dark' || chosen === 'light') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** Changes to the other brightness, and keeps the choice. */
export function toggleTheme(): void {
  const next = presentTheme() === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset['theme'] = next;
  keep('breakwater-theme', next);
}

/** Whether keys are used: a person may switch them off. */
export function keysAreUsed(): boolean {
  return localStorage.getItem('breakwater-keys') !== 'off';
}

export function setKeysUsed(used: boolean): void {
  localStorage.setItem('breakwater-keys', used ? 'on' : 'off');
}
