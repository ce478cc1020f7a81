// Reads a document for a test of the language.
import { type ParsedDocuments, type ParseOptions, parseVerifications } from '../../src/spec/parse-documents.ts';

const environment: Readonly<Record<string, string>> = {
  CHECKOUT_URL: 'http://127.0.0.1:8080',
  LLM_URL: 'http://127.0.0.1:8000',
  PROMETHEUS_URL: 'http://127.0.0.1:9090',
  TEMPO_URL: 'http://127.0.0.1:3200',
};

/** One text as the file `slo.yaml`, with the variables of the worked examples set. */
export function parseYaml(text: string, options: Partial<ParseOptions> = {}): ParsedDocuments {
  return parseVerifications([{ file: 'slo.yaml', text }], { environment: (name) => environment[name], ...options });
}

/** A document that is right; `requirements` and the rest of `spec` may be replaced (indented as YAML). */
export function documentWith(parts: { readonly requirements?: string; readonly spec?: string } = {}): string {
  const {
    requirements = '    - { id: CHK-01, type: latency, require: p99 <= 300ms }\n',
    spec = '  evaluation: { phases: [peak] }\n',
  } = parts;
  return `apiVersion: faultline/v1alpha1
kind: Verification
metadata: { name: checkout }
spec:
  service: checkout
  workload:
    target: http://127.0.0.1:8080
    scenarios:
      - { name: buy, weight: 3, steps: [{ post: /cart, body: { sku: A-1 } }, { post: /checkout }] }
      - { name: browse, steps: [{ get: /products }] }
    phases:
      - { name: idle, rate: 20/s, duration: 3m }
      - { name: peak, rate: 200/s, duration: 5m }
${spec}  requirements:
${requirements}`;
}

/** `CODE line:column` of each diagnostic, in order. */
export function places(parsed: Pick<ParsedDocuments, 'diagnostics'>): readonly string[] {
  return parsed.diagnostics.map(({ code, range }) => `${code} ${range.line}:${range.column}`);
}
