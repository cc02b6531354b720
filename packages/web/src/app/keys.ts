import { useEffect, useRef } from 'react';
import { keysAreUsed, sections, type Preferences } from '#shell';

export interface KeyTargets {
  go(href: string): void;
  find(): void;
  map(): void;
  preferences: Preferences;
}

/** Letters of the levers that Shift moves the focus to; the ids are those of their buttons. */
const leverKeys: Readonly<Record<string, string>> = {
  S: 'lever-stop',
  H: 'lever-hold',
  R: 'lever-rollback',
  I: 'lever-isolate',
  X: 'lever-all',
};

/** How long `g` waits for its second key. */
const secondKeyMs = 1500;

/** The keys of the console. None is used in a text field, and a person may switch all off but `?` and Ctrl K. */
export function useConsoleKeys(targets: KeyTargets): void {
  const latest = useRef(targets);
  latest.current = targets;
  useEffect(() => {
    let goAt = 0;
    const pressed = (event: KeyboardEvent): void => {
      const { go, find, map, preferences } = latest.current;
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        return find();
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
      if (event.key === '?') return map();
      if (!keysAreUsed()) return;
      if (goAt > 0 && performance.now() - goAt < secondKeyMs) {
        goAt = 0;
        const section = sections.find(({ key }) => key === event.key);
        if (section !== undefined) return go(section.path);
      }
      const lever = event.shiftKey ? leverKeys[event.key] : undefined;
      if (lever !== undefined) return document.getElementById(lever)?.focus();
      goAt = event.key === 'g' ? performance.now() : 0;
      if (event.key === 't') preferences.toggleTheme();
      if (event.key === 'l') preferences.toggleLanguage();
      if (event.key === 'j' || event.key === 'k') moveInRows(event.key === 'j' ? 1 : -1);
      if (event.key === 'Escape' && !isInDialogue(event.target)) history.back();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName))
  );
}

function isInDialogue(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role=dialog]') !== null;
}

/** Moves the focus between what is marked as a row of the page (`data-row`), the links and buttons that open it. */
function moveInRows(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const at = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
  const next = rows[at === -1 ? (by === 1 ? 0 : rows.length - 1) : at + by];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}
