// What a server's own histogram can see.

/** Bucket edges of `http.server.request.duration` in the OpenTelemetry semantic conventions, in milliseconds. */
export const httpBucketEdges: readonly number[] = [
  5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000,
];
