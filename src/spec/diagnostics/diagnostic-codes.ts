// Every diagnostic that documents can get: its stable code, its severity and what it means. docs/diagnostics.md is written from this table.
import type { Severity } from '../../core/model/diagnostic.ts';

interface CodeEntry {
  readonly severity: Severity;
  /** What is wrong, in a few words. */
  readonly title: string;
  /** Why it is refused or remarked on, and what to do. */
  readonly doc: string;
}

/** The closed list. A code is never renamed, and never reused for something else. */
export type DiagnosticCode =
  | 'SPEC_YAML_SYNTAX'
  | 'SPEC_YAML_DUPLICATE_KEY'
  | 'SPEC_YAML_ALIAS'
  | 'SPEC_YAML_LIMIT'
  | 'SPEC_YAML_TAG'
  | 'SPEC_YAML_KEY'
  | 'SPEC_DOCUMENT_EMPTY'
  | 'SPEC_DOCUMENT_UNKNOWN'
  | 'SPEC_KEY_UNKNOWN'
  | 'SPEC_KEY_MISSING'
  | 'SPEC_KEYS_EXCLUSIVE'
  | 'SPEC_TYPE_WRONG'
  | 'SPEC_VALUE_UNKNOWN'
  | 'SPEC_VALUE_RANGE'
  | 'SPEC_LIST_EMPTY'
  | 'SPEC_NAME_FORMAT'
  | 'SPEC_ID_DUPLICATE'
  | 'SPEC_NAME_DUPLICATE'
  | 'SPEC_UNIT_MISSING'
  | 'SPEC_UNIT_UNKNOWN'
  | 'SPEC_QUANTITY_SYNTAX'
  | 'SPEC_TARGET_RANGE'
  | 'SPEC_URL_FORMAT'
  | 'SPEC_RULE_SYNTAX'
  | 'SPEC_RULE_STATISTIC'
  | 'SPEC_RULE_ARGUMENT'
  | 'SPEC_RULE_UNIT'
  | 'SPEC_RULE_IMPOSSIBLE'
  | 'SPEC_RULE_LIMIT'
  | 'SPEC_SELECTOR_SYNTAX'
  | 'SPEC_EDGE_SYNTAX'
  | 'SPEC_TEMPLATE_SYNTAX'
  | 'SPEC_TEMPLATE_UNKNOWN'
  | 'SPEC_PATTERN_SYNTAX'
  | 'SPEC_CRON_SYNTAX'
  | 'SPEC_VARIABLE_SYNTAX'
  | 'SPEC_VARIABLE_MISSING'
  | 'SPEC_FILE_MISSING'
  | 'SPEC_OVERRIDE'
  | 'SPEC_PHASES_MISSING'
  | 'SPEC_PHASE_NOT_JUDGED'
  | 'SPEC_SAFETY_LIMIT'
  | 'SPEC_REF_SCENARIO'
  | 'SPEC_REF_PHASE'
  | 'SPEC_REF_ROUTE'
  | 'SPEC_REF_REQUIREMENT'
  | 'SPEC_REF_CYCLE'
  | 'SPEC_REF_SLO'
  | 'SPEC_REF_DATA_SOURCE'
  | 'SPEC_REF_TARGET'
  | 'SPEC_REF_WORKLOAD'
  | 'SPEC_REF_OPENSLO'
  | 'SPEC_WHERE_UNSUPPORTED'
  | 'SPEC_SOURCE_UNSUPPORTED'
  | 'SPEC_WORKLOAD_NEEDED'
  | 'SPEC_STREAM_NEEDED'
  | 'SPEC_OPENSLO_UNKNOWN_KEY'
  | 'LINT_TOO_FEW_SAMPLES'
  | 'LINT_TOO_FEW_SLICES'
  | 'LINT_RATE_ABOVE_PLAN'
  | 'LINT_PHASE_TOO_SHORT'
  | 'LINT_NOTHING_AFTER'
  | 'LINT_BUCKET_EDGE'
  | 'LINT_PHASE_NEVER_JUDGED'
  | 'LINT_NOTHING_JUDGED'
  | 'LINT_SHOULD_WITHOUT_WARN'
  | 'LINT_WARN_LOOSER'
  | 'LINT_ALERT_IMPOSSIBLE'
  | 'LINT_ALERT_DIRECTION'
  | 'LINT_SLO_OBJECTIVES'
  | 'LINT_SLO_CALENDAR'
  | 'LINT_YAML_SURPRISE'
  | 'LINT_TARGET_WITHOUT_URL'
  | 'LINT_POINT_VERDICT'
  | 'LINT_WEIGHT_ZERO'
  | 'LINT_SAFETY_FIRST'
  | 'LINT_LATE_IS_GOOD';

const error = (title: string, doc: string): CodeEntry => ({ severity: 'error', title, doc });
const warning = (title: string, doc: string): CodeEntry => ({ severity: 'warning', title, doc });
const info = (title: string, doc: string): CodeEntry => ({ severity: 'info', title, doc });

/** Code to severity, title and explanation. */
export const diagnosticCodes: Readonly<Record<DiagnosticCode, CodeEntry>> = {
  SPEC_YAML_SYNTAX: error(
    'the text is not YAML',
    'The YAML parser could not read the text. The caret stands where reading stopped making sense; the mistake is there or just before.',
  ),
  SPEC_YAML_DUPLICATE_KEY: error(
    'a key stands twice in one mapping',
    'YAML readers silently keep one of the two. Delete or rename one.',
  ),
  SPEC_YAML_ALIAS: error(
    'an alias cannot be followed',
    'The anchor does not exist above the alias, or the alias contains itself.',
  ),
  SPEC_YAML_LIMIT: error(
    'the document is too large to read',
    'Files over 4 MiB, more than 64 levels of nesting and aliases that expand beyond 200,000 values are refused before they cost memory.',
  ),
  SPEC_YAML_TAG: error(
    'an explicit YAML tag',
    'Tags such as `!!binary` or `!custom` have no meaning in requirement documents. Remove the tag.',
  ),
  SPEC_YAML_KEY: error('a key that is not plain text', 'Keys of requirement documents are words.'),
  SPEC_DOCUMENT_EMPTY: warning('no document in the file', 'The file holds nothing but blanks and comments.'),
  SPEC_DOCUMENT_UNKNOWN: error(
    'a document of an unknown kind',
    'Documents are `Verification` or `Workload` of `faultline/v1alpha1`, or one of the seven kinds of `openslo/v1`.',
  ),
  SPEC_KEY_UNKNOWN: error(
    'a key that has no meaning here',
    'Unknown keys are errors so that a typing mistake cannot switch a check off.',
  ),
  SPEC_KEY_MISSING: error('a required key is missing', 'The caret stands at the mapping that needs it.'),
  SPEC_KEYS_EXCLUSIVE: error('keys that exclude each other', 'Keep one of them.'),
  SPEC_TYPE_WRONG: error(
    'a value of the wrong kind',
    'A list where a text is wanted, a text where a mapping is wanted, and the like.',
  ),
  SPEC_VALUE_UNKNOWN: error('a word outside a closed list', 'The message lists what is allowed.'),
  SPEC_VALUE_RANGE: error('a value outside its range', 'The message names the range.'),
  SPEC_LIST_EMPTY: error('an empty list', 'The list needs at least one item.'),
  SPEC_NAME_FORMAT: error(
    'a malformed name or id',
    'Requirement ids are capital letters, digits and dashes, because alerts and history are keyed by them. Other names must fit into URLs and metric labels.',
  ),
  SPEC_ID_DUPLICATE: error(
    'two requirements share an id',
    'An id is the key of alerts and history and must be unique within its verification.',
  ),
  SPEC_NAME_DUPLICATE: error(
    'two things share a name',
    'Phases, scenarios, routes and documents of one kind are found by name.',
  ),
  SPEC_UNIT_MISSING: error(
    'a number without its unit',
    'Time, money, rates and shares always carry their unit: `300` could be milliseconds or seconds.',
  ),
  SPEC_UNIT_UNKNOWN: error('an unknown unit', 'Units: ns us ms s m h d w, %, /s /min /h, B KiB MiB GiB, tok/s, USD.'),
  SPEC_QUANTITY_SYNTAX: error(
    'a malformed number or quantity',
    'A quantity is a number and a unit: `300ms`, `0.1%`, `200/s`.',
  ),
  SPEC_TARGET_RANGE: error(
    'a target outside its range',
    'A target is a share: at least 0 and below 1. 99.9 is written 0.999, or as `targetPercent: 99.9`.',
  ),
  SPEC_URL_FORMAT: error('a malformed URL', 'An absolute http or https URL is wanted.'),
  SPEC_RULE_SYNTAX: error(
    'a malformed rule',
    'A rule is `statistic operator quantity`, joined by `and`: `p99 <= 300ms and p50 <= 80ms`.',
  ),
  SPEC_RULE_STATISTIC: error(
    'a statistic that the type does not have',
    'Each requirement type measures its own statistics; the message lists them.',
  ),
  SPEC_RULE_ARGUMENT: error(
    'an argument of a statistic that does not fit',
    'The message says what stands between the parentheses, or why the requirement that `timeTo`, `while` or `until` names is not known while the load goes on.',
  ),
  SPEC_RULE_UNIT: error('a unit that does not fit the statistic', 'Latency is bounded by time, shares by percent.'),
  SPEC_RULE_IMPOSSIBLE: error(
    'a limit that can never, or always, hold',
    'For example a share above 100% or a duration below zero.',
  ),
  SPEC_RULE_LIMIT: error(
    'a form of limit that the type does not judge',
    'For example a comparison with the baseline where no baseline is kept.',
  ),
  SPEC_SELECTOR_SYNTAX: error('a malformed span selector', 'A selector is `[service.name="payments" kind=server]`.'),
  SPEC_EDGE_SYNTAX: error(
    'a malformed edge',
    'An edge is `caller -> callee`, optionally with the operation of the callee: `checkout -> payments POST /charge`.',
  ),
  SPEC_TEMPLATE_SYNTAX: error(
    'a malformed template',
    'Templates are `${name}`, `${env:NAME}`, `${uuid}`, `${int(1,100)}`, `${now}`.',
  ),
  SPEC_TEMPLATE_UNKNOWN: error(
    'a variable that nothing fills in',
    'A variable is captured by an earlier step or comes from a feed of the scenario.',
  ),
  SPEC_PATTERN_SYNTAX: error(
    'a malformed regular expression or JSON path',
    'The message says what the reader choked on.',
  ),
  SPEC_CRON_SYNTAX: error(
    'a malformed cron expression',
    'Five fields: minute, hour, day of month, month, day of week.',
  ),
  SPEC_VARIABLE_SYNTAX: error(
    'a malformed reference to the environment',
    'References are `${NAME}`, `${NAME:-default}`, `${file:path}`; `$${` writes a plain `${`.',
  ),
  SPEC_VARIABLE_MISSING: error(
    'an environment variable that is not set',
    'Set it, or give a default: `${NAME:-value}`.',
  ),
  SPEC_FILE_MISSING: error(
    'a referenced file cannot be read',
    '`${file:path}` is read when the document is loaded; the files of feeds and bodies when it is checked and before a run.',
  ),
  SPEC_OVERRIDE: error(
    'a `--set` that fits nothing',
    'The path must exist in the document: `workload.phases[peak].rate=400/s`.',
  ),
  SPEC_PHASES_MISSING: error(
    'a workload without phases',
    'Write `phases`, or give `rate` (or `concurrency`) and let `testType` make them.',
  ),
  SPEC_PHASE_NOT_JUDGED: error(
    'a requirement on a phase that never counts',
    'Add the phase to `evaluation.phases`, or judge another.',
  ),
  SPEC_SAFETY_LIMIT: error(
    'a plan beyond its own safety limit',
    'Raise `safety.maxRate` or `safety.maxInFlight` on purpose, or lower the rate or the number of users.',
  ),
  SPEC_REF_SCENARIO: error('an unknown scenario', 'The name must be one of `workload.scenarios`.'),
  SPEC_REF_PHASE: error(
    'an unknown phase',
    'The name must be one of the phases; `faultline check --expand` prints those of a preset.',
  ),
  SPEC_REF_ROUTE: error(
    'an unknown route',
    'A route is a step’s name, by default its method and path: `POST /checkout`.',
  ),
  SPEC_REF_REQUIREMENT: error('an unknown requirement', 'The id must be one of this verification.'),
  SPEC_REF_CYCLE: error(
    'requirements that wait for each other',
    'A requirement can only build on others that do not build on it.',
  ),
  SPEC_REF_SLO: error('an unknown SLO', 'The name must be that of an OpenSLO `SLO` document in the same set of files.'),
  SPEC_REF_DATA_SOURCE: error(
    'an unknown data source',
    'The name must be that of a `sources` entry or of an OpenSLO `DataSource` document.',
  ),
  SPEC_REF_TARGET: error(
    'an unknown notification target',
    'The name must be that of an OpenSLO `AlertNotificationTarget` document.',
  ),
  SPEC_REF_WORKLOAD: error('an unknown workload', 'The name must be that of a `Workload` document.'),
  SPEC_REF_OPENSLO: warning(
    'an OpenSLO reference to nothing',
    'Services, SLIs, alert policies and conditions are referred to by the name of their document.',
  ),
  SPEC_WHERE_UNSUPPORTED: error(
    'a `where` field that the type cannot use',
    'It would be ignored, and the requirement would cover more than it says.',
  ),
  SPEC_SOURCE_UNSUPPORTED: error(
    'a vantage point that the type cannot be judged from',
    'The message lists those it can.',
  ),
  SPEC_WORKLOAD_NEEDED: error(
    'a requirement on load that nobody drives',
    'Without `workload` a verification only observes; the type needs requests of its own.',
  ),
  SPEC_STREAM_NEEDED: error(
    'tokens asked of answers that do not stream',
    'Times of tokens exist only where answers are read as they come: `protocol: openai-chat-stream`, or steps with the header `accept: text/event-stream`.',
  ),
  SPEC_OPENSLO_UNKNOWN_KEY: warning(
    'a key that OpenSLO v1 does not have',
    'OpenSLO documents are accepted unchanged; what is unknown is ignored.',
  ),
  LINT_TOO_FEW_SAMPLES: warning(
    'the plan sends too few requests to decide',
    'Even without a single bad request the percentile could not be confirmed at the confidence asked for.',
  ),
  LINT_TOO_FEW_SLICES: warning(
    'too few slices',
    'The correction for bursts needs at least 30 slices of judged time, and a share of slices as many as confirm it: 59 for 95%, 299 for 99%. Shorten `slice` or lengthen the phase.',
  ),
  LINT_RATE_ABOVE_PLAN: warning(
    'more throughput asked for than is sent',
    'What is not sent cannot be answered: the requirement never passes.',
  ),
  LINT_PHASE_TOO_SHORT: warning(
    'a stretch longer than what is judged',
    '`sustained.for` and `over` need so much judged time in one.',
  ),
  LINT_NOTHING_AFTER: warning(
    'recovery after the last phase',
    'Recovery is seen on requests that come after the spike, and none do.',
  ),
  LINT_BUCKET_EDGE: warning(
    'a limit off the bucket edges',
    'Server histograms know only their bucket edges. A limit between two edges is decided only when both edges agree.',
  ),
  LINT_PHASE_NEVER_JUDGED: info(
    'a phase that no requirement judges',
    'Its load is sent, and nothing is decided by it.',
  ),
  LINT_NOTHING_JUDGED: warning(
    'a verification that cannot fail',
    'Without a requirement of priority `must` the run never fails.',
  ),
  LINT_SHOULD_WITHOUT_WARN: info(
    '`should` without `warn`',
    'A `should` only warns when its limit is broken; a `warn` limit tells earlier.',
  ),
  LINT_WARN_LOOSER: warning(
    '`warn` is not stricter than `require`',
    'The warning could then never come before the failure.',
  ),
  LINT_ALERT_IMPOSSIBLE: warning(
    'an alert that can never fire',
    'burn rate x (1 - target) is a bad share of 100% or more.',
  ),
  LINT_ALERT_DIRECTION: warning(
    'a burn-rate condition that fires when all is well',
    'A burn rate is dangerous when it is high: `gte` or `gt` is wanted.',
  ),
  LINT_SLO_OBJECTIVES: warning(
    'an objective that no requirement judges',
    '`sloRef` with the name of the SLO means its first objective; the others are known by that name and their own, as in the rules: `sloRef: checkout-slow`.',
  ),
  LINT_SLO_CALENDAR: info(
    'an SLO over a calendar window',
    'Budgets are counted over the last days, not from the first of the month: a month is 30 days, a quarter 91, a year 365.',
  ),
  LINT_YAML_SURPRISE: warning(
    'a value that YAML reads otherwise than it looks',
    '`012` is the number 12, `yes` is a text, `1_000` is a text. Quote it or write it plainly.',
  ),
  LINT_TARGET_WITHOUT_URL: warning(
    'a notification target without an address',
    'Nobody is told of alerts for it. Give it the annotation `faultline/url`.',
  ),
  LINT_POINT_VERDICT: info('a verdict without an interval', 'One value of one query has no confidence interval.'),
  LINT_WEIGHT_ZERO: warning('a scenario that is never driven', 'Its weight is 0.'),
  LINT_SAFETY_FIRST: warning(
    'a requirement that a safety limit overtakes',
    'The run is aborted before the requirement could fail.',
  ),
  LINT_LATE_IS_GOOD: info(
    'goodput without a limit on time',
    'Replies count where their requests were due. Without `within`, and without a latency requirement beside it, a system that falls ever further behind passes until requests time out.',
  ),
};
