// Which attribute keys say what about a call: current names and the legacy ones still in use (ANALYSIS.md 2).

/** What an attribute tells. `none` is 0, so that a table of roles starts out empty. */
export const role = {
  none: 0,
  httpStatus: 1,
  grpcStatus: 2,
  errorType: 3,
  errorText: 4,
  errorFlag: 5,
  resendCount: 6,
  statement: 7,
  target: 8,
  method: 9,
  database: 10,
  exceptionType: 11,
  batchSize: 12,
} as const;

const keysOf: readonly (readonly [number, readonly string[]])[] = [
  [role.httpStatus, ['http.response.status_code', 'http.status_code']],
  [role.grpcStatus, ['rpc.grpc.status_code', 'rpc.status_code', 'rpc.response.status_code']],
  [role.errorType, ['error.type']],
  [role.exceptionType, ['exception.type']],
  [role.errorText, ['exception.message', 'error.message']],
  [role.errorFlag, ['error', 'otel.status_code']],
  [role.resendCount, ['http.request.resend_count', 'http.resend_count']],
  [role.statement, ['db.query.text', 'db.statement', 'db.query.summary']],
  [role.target, ['url.full', 'http.url', 'http.target', 'url.path']],
  [role.method, ['http.request.method', 'http.method']],
  [role.batchSize, ['db.operation.batch.size']],
  [role.database, ['db.system.name', 'db.system']],
];

/** Role of each string of a dictionary when it stands as an attribute key. */
export function attributeRoles(strings: readonly string[]): Uint8Array {
  const roleOf = new Map(keysOf.flatMap(([value, keys]) => keys.map((key) => [key, value] as const)));
  return Uint8Array.from(strings, (text) => roleOf.get(text) ?? role.none);
}
