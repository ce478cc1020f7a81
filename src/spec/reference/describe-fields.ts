// Walks the JSON Schema along the paths of field-docs.ts.

export type SchemaNode = { readonly [keyword: string]: unknown };

/** A property of the schema and its path: `spec.workload.phases[].rate`. */
export interface SchemaField {
  readonly path: string;
  /** The object schema that has it, and its name there. */
  readonly owner: SchemaNode;
  readonly name: string;
  readonly node: SchemaNode;
  readonly isRequired: boolean;
}

/** Every property below a node, once for each place of the schema that defines it, in the order of the schema. */
export function schemaFields(root: SchemaNode, start: SchemaNode): readonly SchemaField[] {
  const definitions = (root['definitions'] ?? {}) as Readonly<Record<string, SchemaNode>>;
  const fields: SchemaField[] = [];
  const seen = new Set<SchemaNode>();
  const visit = (node: SchemaNode, path: string): void => {
    if (typeof node['$ref'] === 'string') visit(definitions[node['$ref'].replace('#/definitions/', '')] ?? {}, path);
    if (seen.has(node)) return;
    seen.add(node);
    for (const keyword of ['anyOf', 'oneOf', 'allOf'])
      for (const inner of (node[keyword] ?? []) as readonly SchemaNode[]) visit(inner, path);
    if (isNode(node['items'])) visit(node['items'], `${path}[]`);
    if (isNode(node['additionalProperties'])) visit(node['additionalProperties'], `${path}{}`);
    const required = (node['required'] ?? []) as readonly string[];
    for (const [name, inner] of Object.entries((node['properties'] ?? {}) as Readonly<Record<string, SchemaNode>>)) {
      const inside = path === '' ? name : `${path}.${name}`;
      fields.push({ path: inside, owner: node, name, node: inner, isRequired: required.includes(name) });
      visit(inner, inside);
    }
  };
  visit(start, '');
  return fields;
}

/** A copy of the schema whose fields carry their sentences, for editors. */
export function withDescriptions(
  schema: SchemaNode,
  start: (copy: SchemaNode) => SchemaNode,
  docs: Readonly<Record<string, string>>,
): SchemaNode {
  const copy = structuredClone(schema);
  for (const { path, owner, name, node } of schemaFields(copy, start(copy))) {
    const description = docs[path];
    if (description === undefined) continue;
    // Beside `$ref` draft 7 ignores everything.
    const described = node['$ref'] === undefined ? { ...node, description } : { allOf: [node], description };
    (owner['properties'] as Record<string, SchemaNode>)[name] = described;
  }
  return copy;
}

function isNode(value: unknown): value is SchemaNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
