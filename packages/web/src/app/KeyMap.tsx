import { useState, type ReactNode } from 'react';
import { Dialog } from '@base-ui/react/dialog';
import { keysAreUsed, sections, setKeysUsed, shellWords } from '#shell';
import { Button } from '#parts';
import { useWords } from '#words';
import css from './key-map.module.css';

/** `?`: every key, and the switch for all of them. */
export function KeyMap({ open, onClose }: { open: boolean; onClose(): void }): ReactNode {
  const say = useWords(shellWords);
  const [used, setUsed] = useState(keysAreUsed);
  const go = sections.flatMap(({ id, key }) => (key === null ? [] : [`${key} ${say(id)}`]));
  const rows: [string, string][] = [
    ['Ctrl K', say('keyFind')],
    ['g', `${say('keyGo')} ${go.join(' · ')}`],
    ['j k', say('keyRows')],
    ['Enter', say('keyOpen')],
    ['Esc', say('keyBack')],
    ['Shift', say('keyLevers')],
    ['Space ← →', say('keyReplay')],
    ['t', say('keyTheme')],
    ['l', say('keyLanguage')],
    ['?', say('keyMap')],
  ];
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={css['backdrop']} />
        <Dialog.Popup className={css['popup']}>
          <Dialog.Title>{say('keys')}</Dialog.Title>
          <dl className={css['keys']}>
            {rows.map(([key, meaning]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
          <div className={css['foot']}>
            <label>
              <input
                type="checkbox"
                checked={used}
                onChange={({ target }) => {
                  setUsed(target.checked);
                  setKeysUsed(target.checked);
                }}
              />
              {say('keysOn')}
            </label>
            <Button onClick={onClose}>{say('close')}</Button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
