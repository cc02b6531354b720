import { useState, type ReactNode } from 'react';
import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { useQuery } from '@tanstack/react-query';
import { answer, client } from '#api';
import { paths, sections, shellWords } from '#shell';
import { useWords } from '#words';
import css from './finder.module.css';

interface Found {
  readonly label: string;
  readonly kind: string;
  readonly href: string;
}

/** Ctrl K: pages, plans and runs by a part of their names. */
export function Finder({ open, onClose, go }: { open: boolean; onClose(): void; go(href: string): void }): ReactNode {
  const say = useWords(shellWords);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={css['backdrop']} />
        <Dialog.Popup className={css['popup']}>
          <Dialog.Title className="spoken">{say('find')}</Dialog.Title>
          {open && <Search onClose={onClose} go={go} />}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Search({ onClose, go }: { onClose(): void; go(href: string): void }): ReactNode {
  const say = useWords(shellWords);
  const [text, setText] = useState('');
  const runs = useQuery({ queryKey: ['runs'], queryFn: () => answer(client.GET('/runs')) });
  const plans = useQuery({ queryKey: ['plans'], queryFn: () => answer(client.GET('/plans')) });
  const all: Found[] = [
    ...sections.map(({ id, path }) => ({ label: say(id), kind: '', href: path })),
    ...(runs.data?.runs ?? []).map(({ run, plan }) => ({
      label: `${plan} ${run}`,
      kind: say('runs'),
      href: paths.run(run),
    })),
    ...(plans.data?.plans ?? []).map(({ plan }) => ({ label: plan, kind: say('plans'), href: paths.plan(plan) })),
  ];
  return (
    <Autocomplete.Root
      items={all}
      itemToStringValue={({ label }: Found) => label}
      value={text}
      onValueChange={setText}
      autoHighlight
      open
      inline
    >
      <Autocomplete.Input className={css['input']} placeholder={say('find')} aria-label={say('find')} />
      <Autocomplete.Empty className={css['empty']}>{say('findNothing')}</Autocomplete.Empty>
      <Autocomplete.List className={css['list']}>
        {(found: Found) => (
          <Autocomplete.Item
            key={found.href}
            value={found}
            className={css['item']}
            onClick={() => {
              onClose();
              go(found.href);
            }}
          >
            <span>{found.label}</span>
            <span className="quiet">{found.kind}</span>
          </Autocomplete.Item>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  );
}
