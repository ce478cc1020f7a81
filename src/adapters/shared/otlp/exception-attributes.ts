// An exception event tells why a span failed; the trace set has no events, so its facts become attributes of the span.
import type { Attributes, AttributeValue } from '../../../core/model/trace-set.ts';

/** Copies exception.type and exception.message of an `exception` event to the span, unless the span has them itself. Of several events the last counts: it ended the span. */
export function addException(target: Record<string, AttributeValue>, own: Attributes, event: Attributes): void {
  for (const key of ['exception.type', 'exception.message']) {
    const value = event[key];
    if (value !== undefined && own[key] === undefined) target[key] = value;
  }
}
