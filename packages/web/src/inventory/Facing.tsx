import type { ReactNode } from 'react';
import { useWords } from '#words';
import { inventoryWords } from './words.ts';

/** Whether the internet reaches it; what nobody said is unknown, not internal. */
export function Facing({ internetFacing }: { internetFacing: boolean | null }): ReactNode {
  const say = useWords(inventoryWords);
  if (internetFacing === true) return <span className="attention">{say('facing')}</span>;
  return <span className="quiet">{internetFacing === null ? say('unknown') : say('internal')}</span>;
}
