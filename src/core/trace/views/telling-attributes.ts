// The few attributes of a span that a reader who points at it wants to see.
import { attributeOf } from '../../model/span-view.ts';
import type { Attributes, AttributeValue, TraceSet } from '../../model/trace-set.ts';
import { normaliseStatement } from '../spans/normalise-statement.ts';

/** Current name first, then the legacy names accepted for it (ANALYSIS.md 2); in the order of showing. */
const keys: readonly (readonly string[])[] = [
  ['http.request.method', 'http.method'],
  ['http.route'],
  ['url.path', 'http.target', 'url.full', 'http.url'],
  ['http.response.status_code', 'http.status_code'],
  ['error.type'],
  ['http.request.resend_count'],
  ['rpc.method'],
  ['rpc.status_code', 'rpc.response.status_code', 'rpc.grpc.status_code'],
  ['db.system.name', 'db.system'],
  ['db.namespace', 'db.name'],
  ['db.query.text', 'db.query.summary', 'db.statement'],
  ['messaging.destination.name'],
  ['gen_ai.request.model'],
  ['server.address', 'net.peer.name', 'net.peer.ip'],
  ['server.port', 'net.peer.port'],
];

const most = 12;
const longestText = 160;

/** Under their current names; at most 12, short, without what may be secret or personal. Undefined when the span says none of it. */
export function tellingAttributes(set: TraceSet, span: number): Attributes | undefined {
  const found: Record<string, AttributeValue> = {};
  for (const [name = '', ...legacy] of keys) {
    if (Object.keys(found).length === most) break;
    const value = attributeOf(set, span, name, ...legacy);
    if (value !== undefined && value !== '') found[name] = shown(name, value);
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

function shown(name: string, value: AttributeValue): AttributeValue {
  if (typeof value !== 'string') return value;
  const text = discreet(name, value);
  return text.length <= longestText ? text : `${text.slice(0, longestText - 1)}…`;
}

/** A URL may carry secrets in its query and before its host, a statement may carry a customer's name. */
function discreet(name: string, text: string): string {
  if (name === 'db.query.text') return normaliseStatement(text);
  if (name !== 'url.path') return text;
  return text.replace(/[?#].*$/s, '').replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1');
}
