import { useEffect, useMemo, useState, type MouseEvent, type ReactNode } from 'react';
import { Outlet, useRouter, useRouterState } from '@tanstack/react-router';
import { Frame, type Preferences, PreferencesContext } from '#shell';
import { LanguageContext, type Language } from '#words';
import { keepLanguage, presentLanguage, toggleTheme } from '#shell';
import { Bar } from './Bar.tsx';
import { Finder } from './Finder.tsx';
import { KeyMap } from './KeyMap.tsx';
import { useConsoleKeys } from './keys.ts';

/** Everything around the pages: language, brightness, keys, the way between pages. */
export function Root(): ReactNode {
  const [language, setLanguage] = useState<Language>(presentLanguage);
  const [finding, setFinding] = useState(false);
  const [mapShown, setMapShown] = useState(false);
  const router = useRouter();
  const path = useRouterState({ select: ({ location }) => location.pathname });

  useEffect(() => keepLanguage(language), [language]);

  const preferences = useMemo<Preferences>(
    () => ({
      toggleTheme,
      toggleLanguage() {
        const next = language === 'ko' ? 'en' : 'ko';
        setLanguage(next);
        const address = new URL(location.href);
        address.searchParams.set('lang', next);
        router.history.replace(`${address.pathname}${address.search}${address.hash}`);
      },
    }),
    [language, router],
  );
  const go = useMemo(() => (href: string) => router.history.push(href), [router]);
  useConsoleKeys({ go, find: () => setFinding(true), map: () => setMapShown(true), preferences });

  return (
    <LanguageContext value={language}>
      <PreferencesContext value={preferences}>
        {/* Links are plain; the router takes those over that stay in the console. */}
        {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
        <div onClick={(event) => followInside(event, go)}>
          <Frame path={path} bar={<Bar path={path} />}>
            <Outlet />
          </Frame>
          <Finder open={finding} onClose={() => setFinding(false)} go={go} />
          <KeyMap open={mapShown} onClose={() => setMapShown(false)} />
        </div>
      </PreferencesContext>
    </LanguageContext>
  );
}

/** Takes a click on a plain link of the console over, unless the person wants something else with it. */
function followInside(event: MouseEvent, go: (href: string) => void): void {
  const link = (event.target as Element).closest('a');
  const asked = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (link === null || asked || event.defaultPrevented || link.target !== '' || link.hasAttribute('download')) return;
  const to = new URL(link.href, location.href);
  const isAnchor = to.pathname === location.pathname && to.search === location.search && to.hash !== '';
  if (to.origin !== location.origin || isAnchor || to.pathname.startsWith('/v1/')) return;
  event.preventDefault();
  go(`${to.pathname}${to.search}${to.hash}`);
}
