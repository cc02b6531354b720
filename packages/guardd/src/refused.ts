/** A refusal on its way to the wire. */
import type { Refusal } from '@breakwater/rules/guard';

/** Thrown where a request is refused; whoever answers the request sends the refusal. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.reason);
    this.refusal = refusal;
  }
}
