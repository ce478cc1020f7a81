// The environment as a plain record: what scenarios may mention as `${env:NAME}`.

/** Variables that are not set are left out. */
export function definedVariables(environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
