/** What the demo says while it goes on, in Korean or English. Everything goes to stderr; the result alone goes to stdout. */
import { fit, type Progress, startProgress } from '../frame.ts';

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
  /** More of the line before, under it. */
  more(words: Words): void;
  /** The live line; shown on terminals only. */
  live(words: Words): void;
  end(): void;
};

export function createTeller(
  language: Language,
  progress: Progress = startProgress(),
  columns: () => number = () => (process.stderr.isTTY ? process.stderr.columns : Infinity),
): Teller {
  const started = performance.now();
  const clock = (): string => ((performance.now() - started) / 1000).toFixed(1).padStart(6);
  const note = (head: string, text: string): void => {
    const [first = '', ...rest] = folded(text, columns() - margin.length);
    progress.note([head + first, ...rest.map((line) => margin + line)].join('\n'));
  };
  return {
    language,
    act: (title) => {
      progress.update('');
      progress.note(`\n${title[language]}`);
    },
    say: (words) => note(`${clock()} s  `, words[language]),
    more: (words) => note(margin, words[language]),
    live: (words) => progress.update(`${clock()} s  ${words[language]}`),
    end: () => progress.end(),
  };
}

/** As wide as the clock and its unit. */
const margin = ' '.repeat(10);

/** Breaks text between words into lines of at most so many terminal columns; a word that is longer stays whole, to be copied. */
export function folded(text: string, columns: number): string[] {
  const indent = /^ */.exec(text)?.[0] ?? '';
  const lines: string[] = [];
  let line = '';
  for (const word of text.slice(indent.length).split(' ')) {
    const longer = line === '' ? indent + word : `${line} ${word}`;
    if (line !== '' && fit(longer, columns) !== longer) {
      lines.push(line);
      line = indent + word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

const won = new Intl.NumberFormat('ko-KR');

/** An amount in full: `8,400,000`. */
export const amount = (value: number): string => won.format(value);

/** Seconds with one digit, rounded up: used time is never shown smaller than it is. */
export const secondsUsed = (ms: number): string => (Math.ceil(ms / 100) / 10).toFixed(1);

/** Seconds with one digit, rounded down: what is left is never shown larger than it is. */
export const secondsLeft = (ms: number): string => (Math.floor(ms / 100) / 10).toFixed(1);
