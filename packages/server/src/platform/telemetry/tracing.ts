import { context, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';

/**
 * What a span may say. Nothing else is ever put into one: no address with its parameters, no statement, no body, no message of an
 * error, no name of a person. Values are words of ours or numbers.
 */
interface SpanFacts {
  'http.request.method'?: string;
  /** The pattern (`/v1/runs/:run`), never the address. */
  'http.route'?: string;
  'http.response.status_code'?: number;
  'breakwater.queue'?: string;
  'breakwater.attempt'?: number;
  /** What was asked of an execution host, and which: both are names in settings and code. */
  'breakwater.request'?: string;
  'breakwater.host'?: string;
}

const tracer = trace.getTracer('breakwater');

/** Ends tracing: sends what was not sent yet, for at most five seconds. */
type StopTracing = () => Promise<void>;

/**
 * Sends spans to an OTLP endpoint over HTTP (`…/v1/traces`) from now on, for the whole process. `share` of the traces, 0 to 1. The
 * libraries are loaded here and nowhere else: without tracing nothing of them runs.
 */
export async function startTracing(endpoint: string, share: number, version: string): Promise<StopTracing> {
  const [{ AsyncLocalStorageContextManager }, { OTLPTraceExporter }, { resourceFromAttributes }, sdk] =
    await Promise.all([
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/sdk-trace'),
    ]);
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'breakwater', 'service.version': version }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(share) }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: endpoint }) })],
  });
  const manager = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(manager);
  trace.setGlobalTracerProvider(provider);
  return async () => {
    trace.disable();
    context.disable();
    await Promise.race([provider.shutdown(), new Promise((resolve) => setTimeout(resolve, 5000).unref())]).catch(
      () => undefined,
    );
  };
}

/** Begins a span of something that others wait for; `end` takes what is known then. It is the parent of spans within `within`. */
export function beginSpan(
  name: string,
  facts: SpanFacts,
): { within<T>(work: () => T): T; end(facts: SpanFacts, failed: boolean): void } {
  const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes: { ...facts } });
  return {
    within: (work) => context.with(trace.setSpan(context.active(), span), work),
    end(last, failed) {
      span.setAttributes({ ...last });
      close(span, failed);
    },
  };
}

/** Does `work` in a span. Of an error it keeps that there was one. */
export async function traced<T>(name: string, facts: SpanFacts, work: () => Promise<T>): Promise<T> {
  return tracer.startActiveSpan(name, { attributes: { ...facts } }, async (span) => {
    try {
      const done = await work();
      close(span, false);
      return done;
    } catch (error) {
      close(span, true);
      throw error;
    }
  });
}

function close(span: Span, failed: boolean): void {
  if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
