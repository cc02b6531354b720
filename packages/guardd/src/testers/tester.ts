/** What a tester is to whoever runs one: a source of events. Its processes belong to the cage, which alone can be trusted to stop them. */
import type { Scope, TesterEvent } from '@breakwater/rules/containment';
import type { TesterSpec } from '@breakwater/rules/plan';
import type { Cage, CageMount } from '../cage/index.ts';

/** All that a tester may do with its cage: start programs in it, and know its gate's answers from those of a target. */
export type TesterCage = Pick<Cage, 'start' | 'gate'>;

/** What a cage must be opened with, so that a tester finds in it what it needs. */
export interface TesterNeeds {
  readonly mounts: readonly CageMount[];
  readonly env: Readonly<Record<string, string>>;
}

export interface TesterContext {
  readonly scope: Scope;
  /** The plan's `tester`. */
  readonly tester: TesterSpec;
  /** Folder of the host for this tester's files: what it is given, and what it says. Made when missing. */
  readonly folder: string;
  /** Unix socket of the model's broker as it stands in the cage. Default `/run/model.sock`. */
  readonly modelSocket?: string;
  /** Where the tool reads and writes. Default: the folders of a cage. */
  readonly inside?: TesterPlaces;
}

/** Paths as the tool sees them. */
export interface TesterPlaces {
  /** What it is given, read-only. */
  readonly given: string;
  /** The one folder it may write into. */
  readonly out: string;
}

/** A kind of tester. It keeps nothing between two starts. */
export interface Tester {
  /**
   * What the cage must be opened with. Writes what the tool reads into `context.folder`.
   *
   * Throws BreakwaterError `tester.*` with its place in the plan (`/tester/run/2`) when the plan's words cannot be run.
   */
  prepare(context: TesterContext): TesterNeeds;
  /**
   * Runs it to its end. The last event is its one `outcome`; nothing is thrown once it has started. A reader that stops reading
   * lets the tool wait; stopping it is the cage's.
   */
  start(cage: TesterCage, context: TesterContext): AsyncIterable<TesterEvent>;
}

export const cagePlaces: TesterPlaces = { given: '/run/breakwater', out: '/out' };
/** Where a model's broker listens in the cage. */
export const insideModelSocket = '/run/model.sock';
