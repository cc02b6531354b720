/**
 * What the pages of a dossier consist of, ready to be set: the template knows these shapes and nothing of their
 * meaning. All text is plain; nothing in it is ever read as markup.
 */

/** A finding's status draws its mark beside the word: shape and word, never colour alone. */
export type Mark = 'met' | 'not-met' | 'undetermined' | 'for-committee' | 'not-applicable';

/** `tone` quiet: secondary text; strong: weight; alert: something that speaks against the applicant. */
export interface Cell {
  readonly text: string;
  readonly tone?: 'quiet' | 'strong' | 'alert';
  readonly mark?: Mark;
  /** A second, smaller line. */
  readonly under?: string;
}

export interface Column {
  readonly title: string;
  /** A share of the width left over, or `auto`. */
  readonly width: number | 'auto';
  readonly align?: 'left' | 'right';
}

/** A measured value against its limit. `low` and `high` are shares of the limit; `high: null` = no upper bound known. */
export interface Gauge {
  readonly title: string;
  readonly value: string;
  readonly limit: string;
  readonly left: string;
  readonly low: number | null;
  readonly high: number | null;
}

/** A stretch of time as shares of the figure's width. `isOpen`: it goes on beyond, or has not ended. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly isOpen: boolean;
  readonly label: string;
  readonly tone: 'plain' | 'alert' | 'good' | 'faint';
}
export interface Lane {
  readonly title: string;
  readonly bars: readonly Bar[];
}

export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2; readonly text: string; readonly newPage?: boolean }
  | { readonly kind: 'text'; readonly text: string; readonly tone?: Cell['tone'] }
  | { readonly kind: 'notice'; readonly title: string; readonly text: string }
  | { readonly kind: 'pairs'; readonly rows: readonly (readonly [string, string])[] }
  | { readonly kind: 'table'; readonly columns: readonly Column[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly kind: 'gauges'; readonly gauges: readonly Gauge[] }
  | {
      readonly kind: 'course';
      readonly lanes: readonly Lane[];
      readonly marks: readonly { readonly at: number; readonly label: string }[];
      readonly axis: readonly { readonly at: number; readonly label: string }[];
      readonly caption: string;
    }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'verbatim'; readonly text: string };

export interface Pages {
  readonly title: string;
  readonly running: { readonly left: string; readonly right: string; readonly foot: string };
  readonly cover: {
    readonly over: string;
    readonly title: string;
    readonly subtitle: string;
    readonly rows: readonly (readonly [string, string])[];
    readonly notices: readonly { readonly title: string; readonly text: string }[];
  };
  /** In Korean, then in English. */
  readonly parts: readonly { readonly lang: 'ko' | 'en'; readonly blocks: readonly Block[] }[];
}
