import type { Log } from './index.ts';

/**
 * Catches what nobody caught, for the whole process: it is logged as everything is, without personal data, and the process ends with
 * 1, so that the service manager starts a clean one. What goes on in an unknown state could do anything. guardd keeps runs safe meanwhile.
 */
export function catchTheRest(log: Log): void {
  const end = (error: unknown): void => {
    log.fatal({ error: error instanceof Error ? error : new Error('not an error') }, 'a fault that nobody caught');
    process.exit(1);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}
