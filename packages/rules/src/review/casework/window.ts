/**
 * The clocks of a case. The first window runs from the begin of the inspection to the advance notice of the planned measure,
 * the second from that notice to the end of the period for opinions that it names; both as reported of the FSS committee of
 * 2020 (fntimes.com and mbn.co.kr, 2020-06-08; no article was read). No length is known, so none is made up: an end is what a letter says.
 */
import { caseWindows } from './event.ts';
import type { Case } from './fold.ts';
import type { WindowClock } from './view-shape.ts';

/** The windows of a case that are known, as they stand at `now` (epoch ms). A window that another follows is over by then at the latest. */
export function windowClocks({ windows }: Pick<Case, 'windows'>, now: number): WindowClock[] {
  return caseWindows.flatMap((window) => {
    const known = windows[window];
    if (known === undefined) return [];
    const followed = window === 'inspection' ? (windows.opinion?.from ?? null) : null;
    const until = earlier(known.until, followed);
    const end = until === null ? null : Date.parse(until);
    const state = now < Date.parse(known.from) ? 'ahead' : end !== null && now > end ? 'over' : 'open';
    return [
      { window, from: known.from, until, state, remainingMs: end === null ? null : end - now, source: known.source },
    ];
  });
}

function earlier(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return Date.parse(a) <= Date.parse(b) ? a : b;
}

/** Whether a filing lay outside the window it named; null: that window, or its end, is not known. */
export function isLate(one: Pick<Case, 'windows' | 'filing'>): boolean | null {
  const { filing } = one;
  if (filing === null || filing.window === null) return null;
  const clock = windowClocks(one, Date.parse(filing.filedAt)).find(({ window }) => window === filing.window);
  if (clock === undefined || (clock.until === null && clock.state === 'open')) return null;
  return clock.state !== 'open';
}
