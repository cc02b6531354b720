/** Whether a sending gets on, and when another gateway takes over those who are left. */

import { stalledAfterMs } from './gate.ts';

export interface SendingProgress {
  /** Whether it is being submitted now: not loading, held, waiting for reports or over. */
  readonly isSending: boolean;
  /** Since its last message was taken by a gateway, or since it began, ms. */
  readonly silentMs: number;
  /** Since its gateway last took a message of any sending, ms; null = there is no other. */
  readonly gatewaySilentMs: number | null;
  /** The gateway that takes its messages now, and how many there are; 1 = the first. */
  readonly gateway: number;
  readonly gateways: number;
}

/** True when nothing has moved for {@link stalledAfterMs} although messages wait. */
export function isStalled({ isSending, silentMs }: Pick<SendingProgress, 'isSending' | 'silentMs'>): boolean {
  return isSending && silentMs >= stalledAfterMs;
}

/**
 * The gateway that takes those who are left, when another shall; null = stay. A sending that only waits while its gateway
 * takes the messages of others stays: the gateway is not what holds it up. Nothing is handed back to an earlier gateway.
 */
export function gatewayToSwitchTo(progress: SendingProgress): number | null {
  if (!isStalled(progress) || progress.gateway >= progress.gateways) return null;
  return progress.gatewaySilentMs !== null && progress.gatewaySilentMs < stalledAfterMs ? null : progress.gateway + 1;
}
