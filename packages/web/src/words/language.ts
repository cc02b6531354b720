import { createContext, useContext, useMemo } from 'react';
import { sayIn, type Language, type Say, type Text, type Words } from './words.ts';

/** The language of the page. */
export const LanguageContext = createContext<Language>('ko');

export function useLanguage(): Language {
  return useContext(LanguageContext);
}

/** `const say = useWords(words)`, then `say('key', { values })`. */
export function useWords<Key extends string>(words: Words<Key>): Say<Key> {
  const language = useLanguage();
  return useMemo(() => sayIn(words, language), [words, language]);
}

/** Says a pair of texts that came from the rules or from a plan. */
export function useText(): (text: Text) => string {
  const language = useLanguage();
  return (text) => text[language];
}
