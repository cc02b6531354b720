/**
 * The age of a run: milliseconds since it was prepared, by a clock that never goes back, also over a reboot.
 *
 * Within one boot it is the difference of CLOCK_BOOTTIME. After another boot it goes on from the larger of the wall
 * clock's difference and the last age that is known, so that time only ever runs out sooner, never later.
 */

/** When something was seen, by all clocks of a host. `wall` is epoch ms, `mono` CLOCK_BOOTTIME ms of `boot`. */
export interface Mark {
  readonly wall: number;
  readonly mono: number;
  readonly boot: string;
}

/** The age at one mark; ages of later marks follow from it. */
export interface AgeAnchor {
  readonly preparedWall: number;
  readonly age: number;
  readonly mark: Mark;
}

/** The anchor of a run that is being prepared now. */
export function firstAnchor(mark: Mark): AgeAnchor {
  return { preparedWall: mark.wall, age: 0, mark };
}

/** The age at `mark`, which is not earlier than the anchor's. */
export function ageAt(anchor: AgeAnchor, mark: Mark): number {
  const since =
    mark.boot === anchor.mark.boot
      ? anchor.age + (mark.mono - anchor.mark.mono)
      : Math.max(mark.wall - anchor.preparedWall, anchor.age);
  return Math.max(since, anchor.age);
}

/** The anchor moved to a later mark. */
export function moveAnchor(anchor: AgeAnchor, mark: Mark): AgeAnchor {
  return { preparedWall: anchor.preparedWall, age: ageAt(anchor, mark), mark };
}

/**
 * The age at which a wall-clock limit ends. Converted once, when the run is prepared, with the clock's stated error
 * taken off: a wall clock that is moved later cannot widen the limit. May be negative: it is over already.
 */
export function ageOfDeadline(deadlineWall: number, prepared: Mark, clockErrorMs: number): number {
  return deadlineWall - prepared.wall - clockErrorMs;
}
