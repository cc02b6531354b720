/** Why starts are forbidden: the words that the lever offers. A note may say more. */
export const startsReasons = ['service-fault', 'suspected-incident', 'authority-request', 'other'] as const;
export type StartsReason = (typeof startsReasons)[number];
