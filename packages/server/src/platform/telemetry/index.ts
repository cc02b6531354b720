import { randomUUID } from 'node:crypto';
import { pino, type DestinationStream, type Logger } from 'pino';
import { Registry, collectDefaultMetrics } from 'prom-client';
import { redact, redactError } from './redaction.ts';

export { catchTheRest } from './last-handler.ts';
export { warnSparingly } from './sparingly.ts';
export { beginSpan, startTracing, traced } from './tracing.ts';
export { redact, redactText, redacted } from './redaction.ts';

/** The log of the server: `log.info({ run }, 'run claimed')`. Messages are fixed words, values go into fields. */
export type Log = Logger;

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/**
 * Makes the log: one JSON object a line on standard error, or where `destination` says. Whatever is handed to it passes
 * redaction, fields and messages alike, so personal data and secrets do not reach it.
 */
export function createLog(level: LogLevel, destination: DestinationStream = pino.destination(2)): Log {
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: 'message',
      errorKey: 'error',
      // Errors are made plain by redaction already, before pino would serialize them.
      serializers: { error: (error: unknown) => error },
      formatters: { bindings: (bindings) => redact(bindings) as Record<string, unknown> },
      hooks: {
        logMethod(args, method) {
          const plain = (args as unknown[]).map((arg) =>
            arg instanceof Error ? { error: redactError(arg) } : redact(arg),
          );
          method.apply(this, plain as Parameters<typeof method>);
        },
      },
    },
    destination,
  );
}

/** Where counts and durations are kept for `/metrics`. A domain registers its own metrics on it, without personal data. */
export type Metrics = Registry;

/** Makes a registry that also counts memory, event loop lag and garbage collection of this process. */
export function createMetrics(): Metrics {
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics, prefix: 'breakwater_' });
  return metrics;
}

/** The request's own id when it has the shape of one, otherwise a new one: it links a request's lines in several logs. */
export function requestId(offered: string | string[] | undefined): string {
  return typeof offered === 'string' && /^[A-Za-z0-9_-]{8,64}$/.test(offered) ? offered : randomUUID();
}
