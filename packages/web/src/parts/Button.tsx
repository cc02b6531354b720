import { useId, type ButtonHTMLAttributes, type ReactNode } from 'react';
import css from './button.module.css';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** The one primary button of a page. */
  primary?: boolean;
  /** Why it cannot be used now, in words that stand beside it; `null`: it can. */
  reason?: string | null;
}

/** A button; one that cannot be used stays in its place, with the reason next to it. */
export function Button({ primary = false, reason = null, children, ...rest }: ButtonProps): ReactNode {
  const why = useId();
  return (
    <span className={css['with']}>
      <button
        type="button"
        {...rest}
        className={`${css['button']} ${primary ? css['primary'] : ''}`}
        disabled={reason !== null || rest.disabled}
        aria-describedby={reason === null ? undefined : why}
      >
        {children}
      </button>
      {reason !== null && (
        <span id={why} className={css['reason']}>
          {reason}
        </span>
      )}
    </span>
  );
}

/** The class of a link that looks like a button. */
export function buttonClass(primary = false): string {
  return `${css['button']} ${primary ? css['primary'] : ''}`;
}
