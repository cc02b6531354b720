/**
 * Three-valued logic (Kleene, strong): `null` is "not known". A result is known only where the known operands alone
 * decide it, which is what keeps an unmeasured fact from becoming a verdict.
 */
export type Truth = boolean | null;

/** False if any operand is false, else unknown if any is unknown, else true. Of nothing: true. */
export function every(operands: readonly Truth[]): Truth {
  if (operands.includes(false)) return false;
  return operands.includes(null) ? null : true;
}

/** True if any operand is true, else unknown if any is unknown, else false. Of nothing: false. */
export function some(operands: readonly Truth[]): Truth {
  if (operands.includes(true)) return true;
  return operands.includes(null) ? null : false;
}

export function not(operand: Truth): Truth {
  return operand === null ? null : !operand;
}

/** Whether `test` holds of a value that may be unknown. */
export function holds<T>(value: T | null | undefined, test: (known: T) => boolean): Truth {
  return value === null || value === undefined ? null : test(value);
}

/** Whether some member of a list that may be unknown as a whole passes a three-valued test. */
export function someOf<T>(list: readonly T[] | null | undefined, test: (member: T) => Truth): Truth {
  return list === null || list === undefined ? null : some(list.map(test));
}
