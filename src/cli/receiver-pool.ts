// The service's OTLP receivers: opened once, open as long as the service, used by one run after another.
import { type OtlpReceiver, otlpReceiver } from '../adapters/otlp/receiver.ts';
import { err, ok, type Result } from '../core/model/result.ts';
import type { TraceSourceConfig, Verification } from '../core/model/verification.ts';
import type { SourceError, TraceSource } from '../ports/trace-source.ts';

export type OtlpSourceConfig = Extract<TraceSourceConfig, { readonly type: 'otlp' }>;

export interface ReceiverPool {
  /** Opens every receiver that a document names; the problems of those that cannot be had, which are tried again when a run needs them. */
  readonly openAll: () => Promise<readonly SourceError[]>;
  /** Traces that begin with the prefix are kept longest from now on. Closing what was lent leaves the receiver open. */
  readonly lend: (config: OtlpSourceConfig, traceIdPrefix: string) => Promise<Result<TraceSource, SourceError>>;
  readonly close: () => Promise<void>;
}

/** Until the first run every trace is somebody else's: no id begins so. */
const noRunYet = '-';

/** Services under test export all the time, not only during a run: a receiver that came and went with the runs would lose spans and refuse connections. */
export function receiverPool(verifications: readonly Verification[]): ReceiverPool {
  const configs = mergedConfigs(verifications);
  const open = new Map<string, OtlpReceiver>();
  const opening = new Map<string, Promise<Result<OtlpReceiver, SourceError>>>();
  const receiverFor = async (config: OtlpSourceConfig): Promise<Result<OtlpReceiver, SourceError>> => {
    const key = keyOf(config);
    const known = open.get(key);
    if (known !== undefined) return ok(known);
    const attempt = opening.get(key) ?? otlpReceiver({ ...(configs.get(key) ?? config), traceIdPrefix: noRunYet });
    opening.set(key, attempt);
    const receiver = await attempt;
    opening.delete(key);
    if (receiver.ok) open.set(key, receiver.value);
    return receiver;
  };
  return {
    openAll: async () => {
      const opened = await Promise.all([...configs.values()].map(receiverFor));
      return opened.flatMap((each) => (each.ok ? [] : [each.error]));
    },
    lend: async (config, traceIdPrefix) => {
      const receiver = await receiverFor(config);
      if (!receiver.ok) return err(receiver.error);
      receiver.value.prefer(traceIdPrefix);
      return ok({ ...receiver.value, close: async () => undefined });
    },
    close: async () => {
      await Promise.all([...open.values()].map((receiver) => receiver.close()));
    },
  };
}

/** One receiver for one address: documents that share the HTTP port share the gRPC port that one of them names. */
function mergedConfigs(verifications: readonly Verification[]): ReadonlyMap<string, OtlpSourceConfig> {
  const merged = new Map<string, OtlpSourceConfig>();
  for (const config of verifications.flatMap(({ sources }) => sources.traces)) {
    if (config.type !== 'otlp') continue;
    const key = keyOf(config);
    merged.set(key, { ...merged.get(key), ...config });
  }
  return merged;
}

const keyOf = ({ host, httpPort }: OtlpSourceConfig): string => `${host}:${httpPort}`;
