import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon.tsx';
import css from './chip.module.css';

export type Tone = 'plain' | 'accent' | 'attention' | 'crossed';

const tones: Readonly<Record<Tone, string>> = {
  plain: '',
  accent: css['accent'] ?? '',
  attention: 'attention',
  crossed: 'crossed',
};

/** A state in a shape and a word; the colour only repeats what they say. */
export function Chip({
  icon,
  tone = 'plain',
  running = false,
  children,
}: {
  icon: IconName;
  tone?: Tone;
  running?: boolean;
  children: ReactNode;
}): ReactNode {
  return (
    <span className={css['chip']}>
      <Icon name={icon} className={`${tones[tone]} ${running ? 'running' : ''}`} />
      {children}
    </span>
  );
}
