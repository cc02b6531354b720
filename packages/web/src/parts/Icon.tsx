import type { ReactNode, SVGProps } from 'react';
import css from './icon.module.css';

const line = (d: string): ReactNode => <path d={d} />;

/** Every shape of the console: states first, then pages. Drawn on 16 or 20 units. */
const shapes = {
  done: [16, line('M3 8.5l3.2 3.2L13 5')],
  waiting: [16, <circle key="c" cx="8" cy="8" r="5" strokeDasharray="2 2.2" />],
  running: [
    16,
    <g key="g">
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor" stroke="none" />
    </g>,
  ],
  undo: [16, line('M5.5 3L2.5 6l3 3M3 6h6a4 4 0 0 1 0 8H6')],
  failed: [16, line('M4 4l8 8M12 4l-8 8')],
  stop: [16, <rect key="r" x="3" y="3" width="10" height="10" rx="1" fill="currentColor" />],
  hold: [16, line('M5.5 3v10M10.5 3v10')],
  isolate: [
    16,
    <g key="g">
      <rect x="5.5" y="5.5" width="5" height="5" fill="currentColor" />
      <path d="M2 5V2h3M11 2h3v3M14 11v3h-3M5 14H2v-3" />
    </g>,
  ],
  guarded: [16, line('M8 1.8l5 1.8v4c0 3-2 5.4-5 6.6-3-1.2-5-3.6-5-6.6v-4zM5.8 8l1.7 1.7 3-3.2')],
  attention: [16, line('M8 2L14.5 13.5h-13zM8 6.5v3.2M8 11.7v.1')],
  unknown: [16, line('M6 6a2 2 0 1 1 2.8 1.9c-.6.3-.8.7-.8 1.4M8 11.7v.1')],
  menu: [16, line('M2.5 4.5h11M2.5 8h11M2.5 11.5h11')],
  find: [16, line('M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3L14 14')],
  theme: [
    16,
    <g key="g">
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 2.5a5.5 5.5 0 0 0 0 11z" fill="currentColor" stroke="none" />
    </g>,
  ],
  play: [16, line('M5 3l8 5-8 5z')],
  next: [16, line('M6 3l5 5-5 5')],
  back: [16, line('M10 3L5 8l5 5')],
  now: [20, line('M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4l3 2')],
  plan: [20, line('M5 3h7l3 3v11H5zM8 9h4M8 13h4')],
  run: [20, line('M3 14l4-8 4 6 3-4 3 6')],
  notice: [20, line('M4 8v4l8 4V4zM15 8c1 1 1 3 0 4')],
  exposure: [20, line('M10 3l7 4v6l-7 4-7-4V7zM3 7l7 4 7-4M10 11v6')],
  evidence: [
    20,
    <g key="g">
      <path d="M10 4v4M10 8L5 12M10 8l5 4" />
      <circle cx="10" cy="3.5" r="1.5" />
      <rect x="3.5" y="12" width="3" height="4" />
      <rect x="13.5" y="12" width="3" height="4" />
    </g>,
  ],
  assessment: [20, line('M10 3v14M6 17h8M4 6h12M4 6l-2 5h4zM16 6l-2 5h4z')],
  case: [20, line('M3 6h14v10H3zM7 6V4h6v2M3 10h14')],
  guide: [20, line('M4 4h5a2 2 0 0 1 2 2v11a2 2 0 0 0-2-2H4zM16 4h-3a2 2 0 0 0-2 2M16 4v11h-3a2 2 0 0 0-2 2')],
  segmentation: [20, line('M3 3h6v6H3zM11 11h6v6h-6zM9 6h5v5M6 9v5h5')],
  hub: [20, line('M10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM10 8V3M10 12v5M8.3 11L4 14M11.7 11l4.3 3M8.3 9L4 6M11.7 9L16 6')],
} as const satisfies Record<string, readonly [16 | 20, ReactNode]>;

export type IconName = keyof typeof shapes;

export interface IconProps extends Omit<SVGProps<SVGSVGElement>, 'name'> {
  name: IconName;
  /** The word that the shape stands for, where no word stands beside it. */
  label?: string | undefined;
  size?: 12 | 14 | 16 | 20 | 24;
}

/** A shape beside its word; with `label` it stands for the word alone. */
export function Icon({ name, label, size = 16, className = '', ...rest }: IconProps): ReactNode {
  const [box, shape] = shapes[name];
  const spoken = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    <svg
      width={size}
      height={size}
      viewBox={`0 0 ${box} ${box}`}
      className={`${css['icon']} ${className}`}
      {...spoken}
      {...rest}
    >
      {shape}
    </svg>
  );
}
