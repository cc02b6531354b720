import type { ReactNode } from 'react';
import type { Finding } from '@breakwater/rules';
import { Icon, type IconName } from '#parts';
import { useWords } from '#words';
import { criteriaWords } from './words.ts';

type Status = Finding['status'];

/** In the order in which a reader looks for them. */
export const statusOrder: readonly Status[] = ['not-met', 'undetermined', 'for-committee', 'met', 'not-applicable'];

const icons: Readonly<Record<Status, IconName>> = {
  met: 'done',
  'not-met': 'failed',
  undetermined: 'unknown',
  'for-committee': 'attention',
  'not-applicable': 'hold',
};
const inks: Readonly<Record<Status, string>> = {
  met: '',
  'not-met': 'crossed',
  undetermined: 'attention',
  'for-committee': 'attention',
  'not-applicable': 'second',
};

/** A status in a shape and a word. */
export function StatusWord({ status }: { status: Status }): ReactNode {
  const say = useWords(criteriaWords);
  return (
    <span className={`${inks[status]} whole`}>
      <Icon name={icons[status]} size={14} /> {say(status)}
    </span>
  );
}
