import type { ReactNode } from 'react';
import { Hatching } from '#parts';
import { Rail } from './Rail.tsx';
import css from './frame.module.css';

/** What stands around every page. `bar`: of narrow screens, in place of the rail. */
export function Frame({ path, bar, children }: { path: string; bar?: ReactNode; children: ReactNode }): ReactNode {
  return (
    <div className={css['frame']}>
      <Hatching />
      {bar}
      <Rail path={path} />
      <div className={css['page']}>{children}</div>
    </div>
  );
}
