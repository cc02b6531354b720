/** How the console speaks: messages of both languages, numbers, times. */
export { LanguageContext, useLanguage, useText, useWords } from './language.ts';
export { count, exactWon, hms, minutesSeconds, spokenDuration, wholeSeconds, won, type Rounding } from './number.ts';
export { clockTime, dayTime, hourMinute, longDay, shortDay, withOffset, type Instant } from './time.ts';
export { defineWords, languages, sayIn, type Language, type Say, type Text, type Words } from './words.ts';
