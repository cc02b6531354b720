import { useState, type ReactNode } from 'react';
import { Dialog } from '@base-ui/react/dialog';
import { Icon } from '#parts';
import { Mark, sectionOf, sections, shellWords, usePreferences } from '#shell';
import { useWords } from '#words';
import css from './bar.module.css';

/** In place of the rail on narrow screens: the mark, where one is, and a menu. */
export function Bar({ path }: { path: string }): ReactNode {
  const say = useWords(shellWords);
  const preferences = usePreferences();
  const [open, setOpen] = useState(false);
  const current = sectionOf(path);
  return (
    <div className={css['bar']}>
      <a href="/" aria-label={say('home')} className={css['home']}>
        <Mark />
      </a>
      <span className={css['place']}>{current === null ? '' : say(current.id)}</span>
      <Dialog.Root open={open} onOpenChange={setOpen}>
        <Dialog.Trigger className={css['trigger']}>
          <Icon name="menu" />
          {say('menu')}
        </Dialog.Trigger>
        <Dialog.Portal>
          <Dialog.Backdrop className={css['backdrop']} />
          <Dialog.Popup
            className={css['menu']}
            onClick={(event) => event.target instanceof Element && event.target.closest('a') !== null && setOpen(false)}
          >
            <Dialog.Title className={css['title']}>{say('mainMenu')}</Dialog.Title>
            <nav aria-label={say('mainMenu')}>
              {sections.map((section) => (
                <a key={section.id} href={section.path} aria-current={section === current ? 'page' : undefined}>
                  <Icon name={section.icon} size={20} />
                  {say(section.id)}
                </a>
              ))}
            </nav>
            <div className={css['choices']}>
              <button type="button" onClick={preferences.toggleTheme}>
                <Icon name="theme" />
                {say('theme')}
              </button>
              <button type="button" onClick={preferences.toggleLanguage}>
                {say('language')}
              </button>
              <Dialog.Close>{say('close')}</Dialog.Close>
            </div>
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    </div>
  );
}
