// The workload made ready for sending: templates parsed, requests pre-rendered, recorders attached.
import { hash32 } from '../../../core/load/random.ts';
import type { TimedPhase } from '../../../core/load/timeline.ts';
import { weightedChoice } from '../../../core/load/weighted-choice.ts';
import { err, ok, type Result } from '../../../core/model/result.ts';
import type { Scenario, Step, Workload } from '../../../core/model/workload.ts';
import { replyCheck } from '../replies/reply-check.ts';
import { baggageOf } from '../requests/baggage.ts';
import { chatBody } from '../requests/chat-body.ts';
import type {
  BodyUse,
  CompiledScenario,
  CompiledStep,
  ExchangeRecorder,
  PhasedStep,
  ReplyCheck,
} from '../requests/hot-path.ts';
import { http1Request } from '../requests/http1-request.ts';
import { KnownHead } from '../requests/known-head.ts';
import { type Origin, parseOrigin } from '../requests/origin.ts';
import { stepRenderer } from '../requests/step-renderer.ts';
import { traceparentPlaceholder } from '../requests/trace-ids.ts';

export interface CompiledWorkload {
  readonly target: Origin;
  readonly origins: readonly Origin[];
  readonly scenarios: readonly CompiledScenario[];
  /** The scenario of the arrival with this number. */
  readonly scenarioOf: (arrival: number) => CompiledScenario;
}

export interface CompileOptions {
  readonly workload: Workload;
  readonly phases: readonly TimedPhase[];
  readonly seed: number;
  readonly runId: string;
  readonly traceIdPrefix: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Makes the recorder of a step in a phase; absent when nothing will be sent (the plan is only being checked). */
  readonly recorderOf?: (scenario: string, step: string, phaseIndex: number) => ExchangeRecorder;
}

/** Compiles everything; the error joins all that is wrong. */
export function compileWorkload(options: CompileOptions): Result<CompiledWorkload, string> {
  const target = parseOrigin(options.workload.target);
  if (!target.ok) return err(`target: ${target.error}`);
  const errors: string[] = [];
  const origins = new Map<string, Origin>([[target.value.key, target.value]]);
  const scenarios = options.workload.scenarios.map((source) => {
    const steps: CompiledStep[] = [];
    const scenario: CompiledScenario = { source, steps, isPlain: false };
    for (const step of source.steps) {
      const compiled = compileStep(step, scenario, target.value, options);
      if (compiled.ok) {
        steps.push(compiled.value);
        origins.set(compiled.value.renderer.origin.key, compiled.value.renderer.origin);
      } else errors.push(`scenario "${source.name}", ${compiled.error}`);
    }
    return Object.assign(scenario, { isPlain: isPlain(source, steps) });
  });
  if (scenarios.length === 0) errors.push('the workload has no scenario');
  if (scenarios.some(({ source }) => source.steps.length === 0)) errors.push('a scenario has no step');
  if (!scenarios.some(({ source }) => source.weight > 0)) errors.push('no scenario has a weight above 0');
  if (errors.length > 0) return err(errors.join('; '));
  const choose = weightedChoice(scenarios.map(({ source }) => source.weight));
  const seed = options.seed + 0x5ce;
  const [only] = scenarios;
  return ok({
    target: target.value,
    origins: [...origins.values()],
    scenarios,
    scenarioOf: (arrival) =>
      scenarios.length === 1
        ? (only as CompiledScenario)
        : (scenarios[choose(hash32(seed, arrival) / 0x100000000)] as CompiledScenario),
  });
}

function isPlain({ feeds }: Scenario, steps: readonly CompiledStep[]): boolean {
  const [step] = steps;
  // Cookies live as long as a journey: a single step never sends any.
  if (steps.length !== 1 || step === undefined || feeds.length > 0) return false;
  const { captures, thinkTime } = step.source;
  // How long a user thinks is drawn from the journey's randomness, which a plain one does without.
  const draws = thinkTime !== undefined && thinkTime.min < thinkTime.max;
  return step.renderer.isStatic && captures.length === 0 && !draws;
}

function compileStep(
  source: Step,
  scenario: CompiledScenario,
  target: Origin,
  options: CompileOptions,
): Result<CompiledStep, string> {
  const renderer = stepRenderer(source, {
    target,
    environment: options.environment,
    files: options.files,
    chatBody: options.workload.prompts && chatBody(options.workload.prompts),
  });
  if (!renderer.ok) return renderer;
  if (!/^[A-Z][A-Z-]*$/.test(source.method))
    return err(`step "${source.name}": "${source.method}" is not an HTTP method`);
  const check = replyCheck(source);
  if (!check.ok) return check;
  const use = bodyUseOf(source, check.value, options.workload);
  if (check.value.needsBody && use !== 'keep') {
    return err(
      `step "${source.name}": a streamed answer is timed, not kept: captures and expectations can only look at its headers`,
    );
  }
  const step: CompiledStep = {
    source,
    scenario,
    renderer: renderer.value,
    check: check.value,
    isHead: source.method === 'HEAD',
    knownHead: new KnownHead(),
    keepsHeaders: check.value.needsHeaders || (scenario.source.cookies && scenario.source.steps.length > 1),
    bodyUse: use,
    phases: [],
  };
  for (let phase = 0; phase <= options.phases.length; phase += 1) step.phases.push(phasedStep(step, phase, options));
  return ok(step);
}

/** The chats of a chat workload stream; so does a step that asks for an event stream. */
function bodyUseOf(source: Step, check: ReplyCheck, workload: Workload): BodyUse {
  if (workload.protocol === 'openai-chat-stream' && isChat(source)) return 'chat';
  const accept = Object.entries(source.headers).find(([name]) => name.toLowerCase() === 'accept')?.[1];
  if (accept?.includes('text/event-stream') === true) return 'events';
  return check.needsBody ? 'keep' : 'count';
}

/** Whether a step of a chat workload posts a chat: a prompt of the workload, or one of its own. Others (a health check, a login) are plain requests. */
function isChat({ method, path, body }: Step): boolean {
  if (method !== 'POST') return false;
  if (body === undefined || /\/chat\/completions(?:[?#]|$)/.test(path)) return true;
  return (body.kind === 'json' || body.kind === 'text') && body.template.includes('"messages"');
}

function phasedStep(step: CompiledStep, phaseIndex: number, options: CompileOptions): PhasedStep {
  const scenario = step.scenario.source.name;
  const phase = options.phases[phaseIndex];
  const baggage = options.workload.baggage ? baggageOf(options.runId, scenario, phase?.name ?? 'warm-up') : undefined;
  const rendered = step.renderer.isStatic ? step.renderer.render(STATIC_CONTEXT) : undefined;
  const recorder = phase === undefined ? undefined : options.recorderOf?.(scenario, step.source.name, phaseIndex);
  const request =
    rendered &&
    http1Request(rendered, {
      method: step.source.method,
      authority: step.renderer.origin.authority,
      traceparent: traceparentPlaceholder(options.traceIdPrefix),
      baggage,
      cookie: undefined,
    });
  return { step, baggage, rendered, request, recorder };
}

// A static step asks for nothing of this.
const STATIC_CONTEXT = {
  lookup: (): undefined => undefined,
  random: { next: (): number => 0, uint32: (): number => 0 },
  unixMs: 0,
  index: 0,
};
