// JUnit XML: one suite a verification, one case a requirement, with the numbers as properties.
import type { Run } from '../core/model/run.ts';
import type { Verdict, VerdictName } from '../core/model/verdict.ts';
import { attributionOf } from './attribution-of.ts';
import { decidingClause, marginText } from './clause-numbers.ts';
import { defaultFailOn } from './default-fail-on.ts';
import { isoTime } from './format-time.ts';
import { type ReportLinks, traceLink } from './report-links.ts';
import { chain, effectText } from './terminal-where.ts';
import { needText, reasonWords } from './verdict-words.ts';
import { wireUnit, wireValue } from './wire-units.ts';
import { xmlAttributes, xmlElement } from './xml.ts';

export interface JunitOptions {
  /** Verdicts of the run that end in a failing exit code. Default fail, inconclusive, error. */
  readonly failOn?: readonly VerdictName[];
  readonly links?: ReportLinks;
}

type CaseKind = 'passed' | 'failure' | 'error' | 'skipped';

interface CaseXml {
  readonly kind: CaseKind;
  readonly xml: string;
}

/**
 * A `must` that failed is a `<failure>`, one that could not be looked at an `<error>`, an undecided one an `<error type="Inconclusive">` where that fails the
 * build. What does not fail the build (a broken `should` or `info`, a verdict left out of failOn) is `<skipped>` with its sentence: seen, not red.
 * A run without requirements gets one case of its own, and so does one that is no pass although all its requirements are green, so that silence is not a green suite.
 */
export function junitReport(runs: readonly Run[], options: JunitOptions = {}): string {
  const suites = runs.map((run) => suiteOf(run, options));
  const cases = suites.flatMap((suite) => suite.cases);
  const totals = { ...countsOf(cases), time: seconds(runs.reduce((sum, run) => sum + durationMs(run), 0)) };
  const first = runs[0] === undefined ? {} : { timestamp: isoTime(runs[0].plan.startedAt) };
  const body = suites.map((suite) => suite.xml).join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${xmlAttributes({ name: 'faultline', ...totals, ...first })}>\n${body}\n</testsuites>\n`;
}

function suiteOf(run: Run, options: JunitOptions): { readonly xml: string; readonly cases: readonly CaseXml[] } {
  const judged = run.verdicts.map((verdict) => caseOf(run, verdict, options));
  const cases = [...judged, ...runCase(run, judged, options.failOn ?? defaultFailOn)];
  const { plan } = run;
  const attributes = {
    name: plan.verification,
    ...countsOf(cases),
    time: seconds(durationMs(run)),
    timestamp: isoTime(plan.startedAt),
  };
  const properties = propertiesXml({
    'run.id': plan.runId,
    service: plan.service,
    environment: plan.environment,
    commit: plan.commit,
    'workload.hash': plan.workloadHash,
    verdict: run.verdict,
    status: run.status,
  });
  const xml = `  <testsuite${xmlAttributes(attributes)}>\n${properties}${cases.map((each) => each.xml).join('\n')}\n  </testsuite>`;
  return { xml, cases };
}

function caseOf(run: Run, verdict: Verdict, options: JunitOptions): CaseXml {
  const kind = kindOf(verdict, options.failOn ?? defaultFailOn);
  const attributes = {
    name: `${verdict.requirement} ${verdict.title}`,
    classname: `${run.plan.verification}.${verdict.type}`,
    file: verdict.definedAt.file,
    line: verdict.definedAt.line,
  };
  const outcome = kind === 'passed' ? '' : outcomeXml(kind, verdict, detailText(run, verdict));
  const content = propertiesXml(numbersOf(run, verdict, options.links)) + outcome;
  return { kind, xml: `    <testcase${xmlAttributes(attributes)}>\n${content}    </testcase>` };
}

/** What is wrong with the run and not with one of its requirements. */
function runCase(run: Run, judged: readonly CaseXml[], failOn: readonly VerdictName[]): readonly CaseXml[] {
  if (judged.length === 0)
    return [errorCase(run, `No requirement was judged${run.message === undefined ? '' : `: ${run.message}`}`)];
  const isGreen = judged.every(({ kind }) => kind === 'passed' || kind === 'skipped');
  if (!isGreen || run.verdict !== 'inconclusive' || !failOn.includes('inconclusive')) return [];
  return [errorCase(run, run.message ?? 'No requirement that has a say could be judged')];
}

function errorCase(run: Run, message: string): CaseXml {
  const type = run.verdict === 'error' ? 'CouldNotRun' : 'Inconclusive';
  const attributes = xmlAttributes({ name: 'requirements', classname: run.plan.verification });
  return {
    kind: 'error',
    xml: `    <testcase${attributes}>\n${xmlElement('error', { message, type }, message, 6)}    </testcase>`,
  };
}

function kindOf(verdict: Verdict, failOn: readonly VerdictName[]): CaseKind {
  if (verdict.verdict === 'pass') return 'passed';
  if (verdict.verdict === 'warn') return failOn.includes('warn') ? 'failure' : 'skipped';
  if (verdict.priority !== 'must' || verdict.skipped === true || !failOn.includes(verdict.verdict)) return 'skipped';
  return verdict.verdict === 'fail' ? 'failure' : 'error';
}

const types: Readonly<Record<VerdictName, string>> = {
  pass: '',
  warn: 'RequirementWarned',
  fail: 'RequirementFailed',
  inconclusive: 'Inconclusive',
  error: 'CouldNotLook',
};

function outcomeXml(kind: Exclude<CaseKind, 'passed'>, verdict: Verdict, detail: string): string {
  const reason = verdict.reason === undefined ? '' : ` (${reasonWords[verdict.reason]})`;
  const message = `${verdict.priority} ${verdict.verdict}${reason}: ${verdict.explanation}`;
  return xmlElement(kind, kind === 'skipped' ? { message } : { message, type: types[verdict.verdict] }, detail, 6);
}

function detailText(run: Run, verdict: Verdict): string {
  const { findings, notAttributable } = attributionOf(run, verdict.requirement);
  const first = findings[0];
  return [
    verdict.explanation,
    `rule: ${verdict.rule}`,
    `margin: ${marginText(verdict)}`,
    `need: ${needText(verdict)}`,
    first === undefined
      ? ''
      : `where: ${chain(first)} (${first.mechanism}, ${effectText(first)}, ${first.confidence} confidence)`,
    first?.explanation ?? '',
    first?.advice ?? '',
    first === undefined ? '' : `traces: ${first.traces.join(' ')}`,
    first === undefined && notAttributable !== undefined ? `not attributable: ${notAttributable}` : '',
  ]
    .filter((line) => line !== '' && !line.endsWith(': '))
    .join('\n');
}

function numbersOf(
  run: Run,
  verdict: Verdict,
  links: ReportLinks | undefined,
): Readonly<Record<string, string | number | null | undefined>> {
  const clause = decidingClause(verdict);
  const observed = clause?.observed;
  const unit = observed?.unit ?? '';
  const trace = attributionOf(run, verdict.requirement).findings[0]?.traces[0];
  const [low, high] = observed?.interval ?? [observed?.atLeast, undefined];
  return {
    verdict: verdict.verdict,
    priority: verdict.priority,
    rule: verdict.rule,
    value: observed?.value === undefined ? undefined : wireValue(observed.value, unit),
    unit: observed === undefined ? undefined : wireUnit(unit),
    limit: clause?.limit === undefined ? undefined : wireValue(clause.limit, unit),
    ci_low: low === undefined ? undefined : wireValue(low, unit),
    ci_high: high === undefined ? undefined : wireValue(high, unit),
    failed_share: observed?.failedShare,
    samples: clause?.decision?.samples,
    trace_id: trace,
    trace_url: trace === undefined ? undefined : traceLink(links ?? {}, trace),
  };
}

function propertiesXml(values: Readonly<Record<string, string | number | null | undefined>>): string {
  const known = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const lines = known
    .map(([name, value]) => `        <property${xmlAttributes({ name, value: value ?? '' })}/>\n`)
    .join('');
  return lines === '' ? '' : `      <properties>\n${lines}      </properties>\n`;
}

function countsOf(cases: readonly CaseXml[]): Readonly<Record<'tests' | 'failures' | 'errors' | 'skipped', number>> {
  const count = (kind: CaseKind): number => cases.filter((each) => each.kind === kind).length;
  return { tests: cases.length, failures: count('failure'), errors: count('error'), skipped: count('skipped') };
}

const durationMs = (run: Run): number => Math.max(0, run.endedAt - run.plan.startedAt);
const seconds = (value: number): string => (value / 1000).toFixed(3);
