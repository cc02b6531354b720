import type { ReactNode } from 'react';
import { count, useWords } from '#words';
import type { ProvenPlace } from './proof.ts';
import { evidenceWords } from './words.ts';
import css from './inclusion-tree.module.css';

const rowHeight = 30;
const middle = 150;
const reach = 34;
const width = 300;

/** The way from a leaf to the root: the node that is reached at each level, and the sibling that it is hashed with. */
export function InclusionTree({ index, place }: { index: number; place: ProvenPlace }): ReactNode {
  const say = useWords(evidenceWords);
  const { steps, root } = place;
  const height = (steps.length + 1) * rowHeight + 16;
  const y = (level: number): number => height - 16 - level * rowHeight;
  return (
    <svg
      className={css['tree']}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={say('pathSpoken', { n: steps.length })}
    >
      {steps.map(({ hash, side }, level) => {
        const sign = side === 'left' ? -1 : 1;
        const x = middle + sign * reach;
        return (
          <g key={hash}>
            <title>{hash}</title>
            <path d={`M${middle} ${y(level)}V${y(level + 1)}M${x} ${y(level)}L${middle} ${y(level + 1)}`} />
            <rect x={x - 5} y={y(level) - 5} width="10" height="10" className={css['sibling']} />
            <text x={x + sign * 12} y={y(level) + 4} textAnchor={side === 'left' ? 'end' : 'start'}>
              {hash.slice(7, 17)}
            </text>
          </g>
        );
      })}
      {Array.from({ length: steps.length + 1 }, (_, level) => (
        <circle key={level} cx={middle} cy={y(level)} r={level === 0 || level === steps.length ? 6 : 4} />
      ))}
      <text x={middle - 14} y={y(0) + 20} className={css['name']} textAnchor="middle">
        {say('leaf', { index: count(index) })}
      </text>
      <text x={middle + 14} y={y(steps.length) + 4} className={css['name']}>
        {say('root')} {root.slice(7, 17)}
      </text>
    </svg>
  );
}
