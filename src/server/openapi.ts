// The API described as an OpenAPI 3.1 document.

interface Operation {
  readonly summary: string;
  readonly role?: 'viewer' | 'runner' | 'admin';
  readonly answers: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
}

const noStore = 'the run store cannot be read or written';

const operations: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/healthz': { get: { summary: 'The process answers', answers: { 200: 'alive' } } },
  '/readyz': { get: { summary: 'The run store can be read and written', answers: { 200: 'ready', 503: 'not ready' } } },
  '/metrics': { get: { summary: 'OpenMetrics of the service and its newest runs', answers: { 200: 'metrics' } } },
  '/api/v1/verifications': {
    get: { summary: 'All verifications with their newest run', role: 'viewer', answers: { 200: 'list', 503: noStore } },
  },
  '/api/v1/verifications/{name}': {
    get: {
      summary:
        'One verification with its requirements and runs, newest first; `isOfDocument` is false for runs that judged other requirements, another load or changed fields',
      role: 'viewer',
      query: { limit: 'runs to list, 1 to 1000', before: 'run id to list on from' },
      answers: { 200: 'verification', 400: 'limit is no such number', 404: 'unknown name', 503: noStore },
    },
  },
  '/api/v1/verifications/{name}/runs': {
    post: {
      summary: 'Start a run',
      role: 'runner',
      answers: { 202: 'queued: runId and position', 404: 'unknown name', 409: 'a run waits already' },
    },
  },
  '/api/v1/verifications/{name}/gate': {
    get: {
      summary:
        'The newest verdict for deployment gates, of the runs that judged the whole document and were not interrupted; inconclusive when there is none younger than maxAge',
      role: 'viewer',
      query: { maxAge: 'duration such as 30m; 1h when absent' },
      answers: { 200: 'verdict', 400: 'maxAge is no duration', 404: 'unknown name', 503: noStore },
    },
  },
  '/api/v1/runs/{id}': {
    get: {
      summary:
        'The result document; 202 while the run is waiting or running. Of a run whose process was killed: status `interrupted` and no requirements',
      role: 'viewer',
      query: { format: '`full` for the whole record' },
      answers: { 200: 'result document', 202: 'not finished', 404: 'unknown run', 503: noStore },
    },
    delete: {
      summary: 'Stop a run in good order',
      role: 'runner',
      answers: { 202: 'stopping', 404: 'neither runs nor waits' },
    },
  },
  '/api/v1/runs/{id}/report': {
    get: {
      summary: 'The HTML report',
      role: 'viewer',
      answers: { 200: 'HTML', 202: 'not finished', 404: 'unknown run', 503: noStore },
    },
  },
  '/api/v1/runs/{id}/events': {
    get: {
      summary: 'Live progress as server-sent events: `progress` about once a second, then `end`',
      role: 'viewer',
      answers: { 200: 'event stream', 404: 'unknown run', 503: noStore },
    },
  },
  '/api/v1/notifications': {
    get: {
      summary: 'Notifications by state; the dead letters when none is named',
      role: 'viewer',
      query: { state: 'waiting, delivered or dead' },
      answers: { 200: 'list', 400: 'state is none of these', 503: noStore },
    },
  },
  '/api/v1/notifications/{id}/redeliver': {
    post: {
      summary: 'Send a notification again',
      role: 'admin',
      answers: { 202: 'queued', 404: 'unknown id', 503: noStore },
    },
  },
};

export function openApiDocument(version: string): unknown {
  return {
    openapi: '3.1.0',
    info: { title: 'Faultline', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    paths: Object.fromEntries(
      Object.entries(operations).map(([path, methods]) => [
        path,
        Object.fromEntries(Object.entries(methods).map(([method, operation]) => [method, describe(path, operation)])),
      ]),
    ),
  };
}

function describe(path: string, operation: Operation): unknown {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(operation.query ?? {}).map(([name, description]) => ({
    name,
    in: 'query',
    description,
    schema: { type: 'string' },
  }));
  const refusals =
    operation.role === undefined ? {} : { 401: 'no valid token', 403: `needs the role ${operation.role}` };
  return {
    summary: operation.summary,
    ...(operation.role === undefined ? {} : { security: [{ token: [] }] }),
    parameters: [...inPath, ...inQuery],
    responses: Object.fromEntries(
      Object.entries({ ...operation.answers, ...refusals }).map(([status, description]) => [status, { description }]),
    ),
  };
}
