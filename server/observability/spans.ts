import {
  type Attributes,
  isSpanContextValid,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { tracingIsOn } from '@/server/platform/tracing-switch';

/** A span that has begun. */
export interface OpenSpan {
  /** W3C traceparent for what follows from it; undefined when its trace is not sampled. */
  readonly traceparent: string | undefined;
  end(attributes?: Attributes): void;
}

export interface SpanStart {
  /** W3C traceparent; without a valid one the span begins a trace of its own. */
  parent?: string | undefined;
  kind?: keyof typeof SpanKind;
  /** Never of a customer: traces leave for other systems. */
  attributes?: Attributes;
  /** ms; by default now */
  startTime?: number;
}

/** Begins a span; undefined, at no cost, when tracing is off. */
export function startSpan(name: string, start: SpanStart = {}): OpenSpan | undefined {
  if (!tracingIsOn()) return undefined;
  const { parent, kind = 'INTERNAL', attributes, startTime } = start;
  const above = parent === undefined ? null : spanContextOf(parent);
  const span = trace
    .getTracer('millrace')
    .startSpan(
      name,
      { kind: SpanKind[kind], attributes, startTime },
      above ? trace.setSpanContext(ROOT_CONTEXT, above) : ROOT_CONTEXT,
    );
  return {
    traceparent: traceparentOf(span.spanContext()),
    end: (more) => {
      if (more) span.setAttributes(more);
      span.end();
    },
  };
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** @returns null for what is no traceparent */
function spanContextOf(traceparent: string): SpanContext | null {
  const [, version, traceId = '', spanId = '', flags = '00'] = TRACEPARENT.exec(traceparent) ?? [];
  const context = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
  return version !== 'ff' && isSpanContextValid(context) ? context : null;
}

function traceparentOf({ traceId, spanId, traceFlags }: SpanContext): string | undefined {
  return traceFlags & TraceFlags.SAMPLED ? `00-${traceId}-${spanId}-01` : undefined;
}
