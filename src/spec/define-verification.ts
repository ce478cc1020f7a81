// Requirements as code: the same document as a TypeScript module, for those who prefer a compiler.
import { stringify } from 'yaml';
import type { DocumentText } from './read-roots.ts';
import { apiVersion } from './schema/verification-schema.ts';
import type { MetadataInput, VerificationDocument, VerificationInput } from './verification-document.ts';

/** A document without what is always the same. */
export interface VerificationDefinition {
  readonly metadata: MetadataInput;
  readonly spec: VerificationInput;
}

/**
 * States a verification in TypeScript; the types are those that the YAML schema is checked against.
 *
 *     export default defineVerification({
 *       metadata: { name: 'checkout-peak' },
 *       spec: {
 *         service: 'checkout',
 *         workload: { target: 'http://127.0.0.1:8080', scenarios: [...], phases: [{ name: 'peak', rate: '200/s', duration: '5m' }] },
 *         requirements: [{ id: 'CHK-01', type: 'latency', require: 'p99 <= 300ms' }],
 *       },
 *     });
 */
export function defineVerification(definition: VerificationDefinition): VerificationDocument {
  return { apiVersion, kind: 'Verification', ...definition };
}

/** What a module's default export (one document or several) says in YAML, to be read like any other file; diagnostics say the path of the field in place of a line. */
export function documentOfModule(file: string, exported: unknown): DocumentText {
  const documents = Array.isArray(exported) ? exported : [exported];
  const plain = documents.map((document): unknown => JSON.parse(JSON.stringify(document) ?? 'null'));
  const text = plain
    .map((document) => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }))
    .join('---\n');
  return { file, text, isGenerated: true };
}
