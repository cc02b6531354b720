import type { ReactNode } from 'react';
import { count, hms, useWords } from '#words';
import { planWords } from './words.ts';
import css from './rollback-chart.module.css';

const height = 180;
const foot = 24;
const head = 20;

export interface RollbackChartProps {
  times: readonly { ms: number; passed: boolean }[];
  /** What the guard reserves for the way back; null: nothing counts yet. */
  bound: number | null;
  limit: number;
}

/** One dot a rehearsal, a line for the upper bound and one for the plan's limit; a limit far above stands at the edge and says so. */
export function RollbackChart({ times, bound, limit }: RollbackChartProps): ReactNode {
  const say = useWords(planWords);
  const most = Math.max(1, bound ?? 0, ...times.map(({ ms }) => ms));
  const inScale = limit <= most * 3;
  const top = (inScale ? Math.max(most, limit) : most) * 1.15;
  const y = (ms: number): number => head + (1 - ms / top) * (height - head - foot);
  const x = (at: number): string => `${8 + ((at + 0.5) / times.length) * 68}%`;
  const limitAt = inScale ? y(limit) : 6;
  const time = (ms: number): string => hms(ms, 'used');
  return (
    <svg className={css['chart']} height={height} role="img" aria-label={say('chartSpoken', { n: times.length })}>
      <line x1="8%" x2="76%" y1={y(0)} y2={y(0)} className={css['axis']} />
      <line x1="8%" x2="76%" y1={limitAt} y2={limitAt} className={css['limit']} />
      <text x="77%" y={limitAt + 4}>
        {say('limit', { time: time(limit) })}
        {inScale ? '' : ` · ${say('outOfScale')}`}
      </text>
      {bound !== null && (
        <>
          <line x1="8%" x2="76%" y1={y(bound)} y2={y(bound)} className={css['bound']} />
          <text x="77%" y={y(bound) + 4} className={css['strong']}>
            {say('bound95', { time: `${count(Math.ceil(bound))} ms` })}
          </text>
        </>
      )}
      {times.map(({ ms, passed }, at) => (
        // Rehearsals are known by their order.
        // oxlint-disable-next-line react/no-array-index-key
        <g key={at}>
          <title>{`${say('rehearsal', { n: at + 1 })}: ${count(ms)} ms`}</title>
          {passed ? (
            <circle cx={x(at)} cy={y(ms)} r="5" className={css['dot']} />
          ) : (
            <text x={x(at)} y={y(ms) + 5} textAnchor="middle" className={css['failed']}>
              ✕
            </text>
          )}
          <text x={x(at)} y={height - 6} textAnchor="middle">
            {at + 1}
          </text>
        </g>
      ))}
      <text x="7%" y={y(0) + 4} textAnchor="end">
        0
      </text>
      <text x="7%" y={y(most) + 4} textAnchor="end">
        {most < 60_000 ? `${count(Math.ceil(most / 100) / 10)} s` : time(most)}
      </text>
    </svg>
  );
}
