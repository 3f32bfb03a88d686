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
  // Loaded only when wanted: the SDK costs a second of start and 40 MB.
  const [{ NodeSDK }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/$/, '');
  const sdk = new NodeSDK({
    serviceName: `millrace-${process}`,
    traceExporter: new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: 5_000 }),
    instrumentations: [],
  });
  sdk.start();
  switchTracing(true);
  return async () => {
    switchTracing(false);
    await sdk.shutdown().catch(() => undefined);
  };
}
