import type { Env } from './env';
import { switchTracing } from './tracing-switch';

/**
 * Starts exporting spans by OTLP/HTTP when `OTEL_EXPORTER_OTLP_ENDPOINT` is set. Which traces are kept is for the
 * SDK's own settings (`OTEL_TRACES_SAMPLER`); by default what the sender sampled, and all that nobody decided on.
 * Call it before anything else of the process is loaded.
 * @param process name of the process kind: the service is `millrace-<process>`
 * @returns sends what is left and stops
 */
export async function startTelemetry(
  env: Pick<Env, 'OTEL_EXPORTER_OTLP_ENDPOINT'>,
  process: string,
): Promise<() => Promise<void>> {
  if (!env.OTEL_EXPORTER_OTLP_ENDPOINT) return async () => undefined;
  // Loaded only when wanted: the SDK costs half a second of start and some memory.
  const [{ trace }, { BasicTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, resources] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace-base'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/$/, '');
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: 5_000 });
  const provider = new BasicTracerProvider({
    resource: resources
      .defaultResource()
      .merge(resources.detectResources({ detectors: [resources.envDetector, resources.hostDetector] }))
      .merge(resources.resourceFromAttributes({ 'service.name': `millrace-${process}` })),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  trace.setGlobalTracerProvider(provider);
  switchTracing(true);
  return async () => {
    switchTracing(false);
    trace.disable();
    await provider.shutdown().catch(() => undefined);
  };
}
