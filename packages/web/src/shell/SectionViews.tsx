import type { ReactNode } from 'react';
import { Tabs } from '#parts';
import { useWords } from '#words';
import { paths } from './paths.ts';
import { shellWords, type ShellWord } from './words.ts';

/** Views within a section, in their order; each has a page of its own. */
const views = {
  notices: [
    ['viewNotices', paths.notices()],
    ['viewClaims', paths.claims()],
    ['viewLedgers', paths.ledgers()],
  ],
  exposure: [
    ['viewExposure', paths.exposure()],
    ['viewPatches', paths.patches()],
    ['viewAdvisories', paths.advisories()],
    ['viewDisseminations', paths.disseminations()],
    ['viewServices', paths.services()],
    ['viewAssets', paths.assets()],
    ['viewEndOfLife', paths.endOfLife()],
  ],
} as const satisfies Record<string, readonly (readonly [ShellWord, string])[]>;

type Views = typeof views;

/** The way between the views of a section. */
export function SectionViews<Section extends keyof Views>({
  section,
  current,
}: {
  section: Section;
  current: Views[Section][number][0];
}): ReactNode {
  const say = useWords(shellWords);
  const tabs = views[section].map(([id, href]) => ({ id, href, label: say(id) }));
  return <Tabs label={say(section)} tabs={tabs} current={current} />;
}
