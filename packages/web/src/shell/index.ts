/** What stands around pages: frame, head, addresses, choices of the reader. */
export { Frame } from './Frame.tsx';
export { HeadFigure } from './HeadFigure.tsx';
export { Page, type PageProps } from './Page.tsx';
export { paths } from './paths.ts';
export { keepLanguage, keysAreUsed, presentLanguage, setKeysUsed, toggleTheme } from './preferences.ts';
export { PreferencesContext, usePreferences, type Preferences } from './preferences-context.ts';
export { Mark } from './Rail.tsx';
export { sectionOf, sections } from './sections.ts';
export { SectionViews } from './SectionViews.tsx';
export { shellWords } from './words.ts';
