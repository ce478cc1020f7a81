// Checks a value against a draft-7 JSON Schema; knows the keywords that our own schema uses and throws on any other.

type Schema = { readonly [keyword: string]: unknown };

const annotations = new Set([
  '$schema',
  '$comment',
  'title',
  'description',
  'examples',
  'default',
  'definitions',
  'format',
]);

/** Where the value breaks the schema, as `/path: keyword`; empty when it fits. */
export function checkJsonSchema(root: Schema, value: unknown): readonly string[] {
  return check(root, value, '', root);
}

function check(schema: Schema | boolean, value: unknown, at: string, root: Schema): readonly string[] {
  if (typeof schema === 'boolean') return schema ? [] : [`${at}: false`];
  return Object.entries(schema).flatMap(([keyword, argument]) =>
    checkKeyword(keyword, argument, schema, value, at, root),
  );
}

function checkKeyword(
  keyword: string,
  argument: unknown,
  schema: Schema,
  value: unknown,
  at: string,
  root: Schema,
): readonly string[] {
  const wrong = (isWrong: boolean): readonly string[] => (isWrong ? [`${at}: ${keyword}`] : []);
  const schemas = (): readonly Schema[] => argument as readonly Schema[];
  switch (keyword) {
    case '$ref':
      return check(definitionOf(String(argument), root), value, at, root);
    case 'type':
      return wrong(![argument].flat().some((type) => isOfType(value, String(type))));
    case 'const':
      return wrong(value !== argument);
    case 'enum':
      return wrong(!(argument as readonly unknown[]).includes(value));
    case 'allOf':
      return schemas().flatMap((inner) => check(inner, value, at, root));
    case 'anyOf':
      return wrong(!schemas().some((inner) => check(inner, value, at, root).length === 0));
    case 'oneOf':
      return wrong(schemas().filter((inner) => check(inner, value, at, root).length === 0).length !== 1);
    case 'pattern':
      return wrong(typeof value === 'string' && !new RegExp(String(argument), 'u').test(value));
    case 'minLength':
      return wrong(typeof value === 'string' && value.length < Number(argument));
    case 'maxLength':
      return wrong(typeof value === 'string' && value.length > Number(argument));
    case 'minimum':
      return wrong(typeof value === 'number' && value < Number(argument));
    case 'maximum':
      return wrong(typeof value === 'number' && value > Number(argument));
    case 'exclusiveMinimum':
      return wrong(typeof value === 'number' && value <= Number(argument));
    case 'minItems':
      return wrong(Array.isArray(value) && value.length < Number(argument));
    case 'maxItems':
      return wrong(Array.isArray(value) && value.length > Number(argument));
    case 'items':
      return Array.isArray(value)
        ? value.flatMap((item, index) => check(argument as Schema, item, `${at}/${index}`, root))
        : [];
    case 'required':
      return isMapping(value)
        ? (argument as readonly string[])
            .filter((key) => !Object.hasOwn(value, key))
            .map((key) => `${at}/${key}: required`)
        : [];
    case 'properties':
      return isMapping(value)
        ? Object.entries(argument as Record<string, Schema>).flatMap(([key, inner]) =>
            Object.hasOwn(value, key) ? check(inner, value[key], `${at}/${key}`, root) : [],
          )
        : [];
    case 'propertyNames':
      return isMapping(value)
        ? Object.keys(value).flatMap((key) => check(argument as Schema, key, `${at}/${key}`, root))
        : [];
    case 'additionalProperties': {
      const known = Object.keys((schema['properties'] as object | undefined) ?? {});
      return isMapping(value)
        ? Object.keys(value)
            .filter((key) => !known.includes(key))
            .flatMap((key) => check(argument as Schema | boolean, value[key], `${at}/${key}`, root))
        : [];
    }
    default:
      if (!annotations.has(keyword)) throw new Error(`keyword ${keyword} is not known to this checker`);
      return [];
  }
}

function definitionOf(reference: string, root: Schema): Schema {
  return (root['definitions'] as Readonly<Record<string, Schema>>)[reference.replace('#/definitions/', '')] ?? {};
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'object') return isMapping(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  return type === 'null' ? value === null : typeof value === type;
}
