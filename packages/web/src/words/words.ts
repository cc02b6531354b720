import { IntlMessageFormat } from 'intl-messageformat';

export const languages = ['ko', 'en'] as const;
export type Language = (typeof languages)[number];

/** Messages of a folder in both languages, in the ICU message format. Korean is written first and is the original. */
export interface Words<Key extends string> {
  readonly ko: Readonly<Record<Key, string>>;
  readonly en: Readonly<Record<Key, string>>;
}

export type Values = Readonly<Record<string, string | number>>;

/** Says one message in the language of the page. */
export type Say<Key extends string> = (key: Key, values?: Values) => string;

/** Declares the messages of a folder. The compiler refuses a key that is missing in either language. */
export function defineWords<const Key extends string>(words: {
  ko: Readonly<Record<Key, string>>;
  en: Readonly<Record<NoInfer<Key>, string>>;
}): Words<Key> {
  return words;
}

const formats = new Map<string, IntlMessageFormat>();

/** The messages of a folder, said in one language. Throws for a value that the message needs and was not given. */
export function sayIn<Key extends string>(words: Words<Key>, language: Language): Say<Key> {
  return (key, values) => {
    const message = words[language][key];
    if (!/[{'#<]/.test(message)) return message;
    const name = `${language} ${message}`;
    const format = formats.get(name) ?? new IntlMessageFormat(message, language, undefined, { ignoreTag: true });
    formats.set(name, format);
    return String(format.format(values));
  };
}

/** One of a pair of texts that came from the rules or from a plan. */
export type Text = { readonly ko: string; readonly en: string };
