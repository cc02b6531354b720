import { createContext, useContext } from 'react';

/** What a reader chooses for themselves. */
export interface Preferences {
  toggleTheme(): void;
  toggleLanguage(): void;
}

export const PreferencesContext = createContext<Preferences | null>(null);

export function usePreferences(): Preferences {
  const preferences = useContext(PreferencesContext);
  if (preferences === null) throw new Error('there is no console around this');
  return preferences;
}
