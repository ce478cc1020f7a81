// Derives the document that the compose stack verifies from slos/checkout.yaml: the same requirements, read from back ends.

const head = `# Written by \`npm run docs\` from slos/checkout.yaml: the same workload, judgement and requirements, verified by \`docker compose up\` with the back ends of
# the stack in place of the embedded ones. Traces are read from Jaeger, metrics from Prometheus.
`;

const annotations = `  annotations:
    # Where reports and alerts lead: as a browser on the host reaches them, not as the containers do.
    faultline/traceUrl: "\${JAEGER_PAGES:-http://localhost:16686}/trace/{traceId}"
    faultline/dashboard: "\${GRAFANA_PAGES:-http://localhost:3000}/d/faultline-verification?var-verification=checkout"
`;

const sources = `  sources:
    traces:
      - { type: jaeger, url: "\${JAEGER_URL:-http://127.0.0.1:16686}" }
    metrics:
      - { type: prometheus, url: "\${PROMETHEUS_URL:-http://127.0.0.1:9090}" }
`;

/** `checkout` is the text of slos/checkout.yaml. Throws when it no longer has a line that is replaced here. */
export function stackDocument(checkout: string): string {
  const replacements: readonly (readonly [RegExp, string])[] = [
    [/^[\s\S]*?(?=^apiVersion:)/m, head],
    [/^spec:$/m, `${annotations}spec:`],
    [/^ {2}schedule: .*$/m, '  schedule: { every: 2m }'],
    // Spans come by way of the Collector, samples with Prometheus' next scrape.
    [
      /^ {4}settle: .*$/m,
      '    settle: { traces: 10s, metrics: 4s } # how long to wait for late spans and the last scrape',
    ],
    [/^ {2}sources:$[\s\S]*?^ {4}metrics:$[\s\S]*$/m, sources],
    [/^ {2}# Without this part an OTLP receiver.*\n/m, ''],
  ];
  return replacements.reduce((text, [pattern, replacement]) => {
    if (!pattern.test(text)) throw new Error(`slos/checkout.yaml has nothing like ${pattern}`);
    return text.replace(pattern, () => replacement);
  }, checkout);
}
