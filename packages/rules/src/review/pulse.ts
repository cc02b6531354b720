/** What is told again and again stands once as it began and once as it ended. */
export interface Pulsing {
  /** Rows of one pulse have the same; left out = a row of its own. */
  readonly pulse?: string;
}

/** The rows without those between the first and the last of each unbroken pulse. */
export function endsOfPulses<T extends Pulsing>(rows: readonly T[]): T[] {
  return rows.filter(
    ({ pulse }, i) => pulse === undefined || rows[i - 1]?.pulse !== pulse || rows[i + 1]?.pulse !== pulse,
  );
}
