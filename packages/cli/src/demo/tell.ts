/** What the demo says while it goes on, in Korean or English. Everything goes to stderr; the result alone goes to stdout. */
import { type Progress, startProgress } from '../frame.ts';

export type Language = 'ko' | 'en';
export type Words = Readonly<Record<Language, string>>;

/** Korean where the terminal is Korean, else English. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  return /^ko/i.test(env['LC_ALL'] ?? env['LC_MESSAGES'] ?? env['LANG'] ?? '') ? 'ko' : 'en';
}

export type Teller = {
  readonly language: Language;
  /** Begins an act of the story. */
  act(title: Words): void;
  /** A line that stays, with the time since the demo began. */
  say(words: Words): void;
  /** The live line; shown on terminals only. */
  live(words: Words): void;
  end(): void;
};

export function createTeller(language: Language, progress: Progress = startProgress()): Teller {
  const started = performance.now();
  const clock = (): string => ((performance.now() - started) / 1000).toFixed(1).padStart(6);
  return {
    language,
    act: (title) => progress.note(`\n${title[language]}`),
    say: (words) => progress.note(`${clock()} s  ${words[language]}`),
    live: (words) => progress.update(`${clock()} s  ${words[language]}`),
    end: () => progress.end(),
  };
}

const won = new Intl.NumberFormat('ko-KR');

/** An amount in full: `8,400,000`. */
export const amount = (value: number): string => won.format(value);

/** Seconds with one digit, rounded up: used time is never shown smaller than it is. */
export const secondsUsed = (ms: number): string => (Math.ceil(ms / 100) / 10).toFixed(1);

/** Seconds with one digit, rounded down: what is left is never shown larger than it is. */
export const secondsLeft = (ms: number): string => (Math.floor(ms / 100) / 10).toFixed(1);
