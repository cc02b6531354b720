import type { Platform } from '#platform';
import { recipientSecrets } from '#notice';
import { createRelief, type ReliefDoor } from './door.ts';

/** The domain as a server is configured. It holds no state of its own: several may be opened. */
export function reliefOf(platform: Platform): ReliefDoor {
  const { db, clock, config } = platform;
  const secrets = recipientSecrets(platform);
  return createRelief({ db, clock, institution: config.institution, pepper: () => secrets().pepper });
}
