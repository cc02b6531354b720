/** What a driver answers when it does not simply succeed. */

/** It was asked, and the answer is no: the change was refused, or is not what was wanted. */
export class Failed extends Error {
  override readonly name = 'Failed';
}

/** It could not be asked, or nobody saw how it ended. */
export class Unclear extends Error {
  override readonly name = 'Unclear';
}
