// The settings of the service: a YAML file, flags over it, defaults below it; parsed once, then frozen.
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { err, ok, type Result } from '../core/model/result.ts';

export interface ServeSettings {
  readonly port: number;
  readonly host: string;
  /** Folder of requirement documents. */
  readonly slos: string;
  /** Folder of the run store. */
  readonly data: string;
  /** What links in notifications begin with; the service's own address when absent. */
  readonly publicUrl?: string | undefined;
  /** Runs at the same time, each against another target. */
  readonly concurrency: number;
  /** Hosts beyond loopback and private networks that may be driven: names, or `*.` and an ending. */
  readonly allowedTargets: readonly string[];
  /** File with role:token entries, beside those of FAULTLINE_TOKENS. */
  readonly tokensFile?: string | undefined;
  /** OTLP/HTTP base URL for the service's own spans. */
  readonly otlpEndpoint?: string | undefined;
}

/** Loopback only: who wants the service on a network says so. One run at a time: two would disturb each other's measurement. */
export const serveDefaults: ServeSettings = Object.freeze({
  port: 8700,
  host: '127.0.0.1',
  slos: 'slos',
  data: '.faultline',
  concurrency: 1,
  allowedTargets: Object.freeze([]),
});

const schema = z.strictObject({
  port: z.int().min(0).max(65_535).optional(),
  host: z.string().optional(),
  slos: z.string().optional(),
  data: z.string().optional(),
  publicUrl: z.url().optional(),
  concurrency: z.int().min(1).max(16).optional(),
  allowedTargets: z.array(z.string().min(1)).optional(),
  tokensFile: z.string().optional(),
  otlpEndpoint: z.url().optional(),
});

export type ServeFlags = Partial<ServeSettings> & { readonly config?: string };

export async function serveSettings(flags: ServeFlags): Promise<Result<ServeSettings, string>> {
  const { config, ...given } = flags;
  const fromFile = config === undefined ? ok({}) : await readConfig(config);
  return fromFile.ok ? ok(Object.freeze({ ...serveDefaults, ...fromFile.value, ...given })) : fromFile;
}

async function readConfig(path: string): Promise<Result<z.infer<typeof schema>, string>> {
  try {
    const parsed = schema.safeParse(parse(await readFile(path, 'utf8')) ?? {});
    if (parsed.success) return ok(parsed.data);
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || '(file)'}: ${issue.message}`);
    return err(`${path}: ${problems.join('; ')}`);
  } catch (cause) {
    return err(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
