// Multi-window burn-rate rules for Prometheus, with a promtool unit test beside them (`export rules`).
import { stringify } from 'yaml';
import type { Slo, Verification } from '../core/model/verification.ts';
import { type AlertPlan, alertPlan } from './export/burn-alerts.ts';
import { promtoolTests } from './export/promtool-tests.ts';
import { badShare, badSlice, badSliceShare, eventCount, promWindow } from './export/ratio-expressions.ts';
import {
  absentRule,
  alertRule,
  type LabelStyle,
  labelsOf,
  metadataRules,
  type Rule,
  type RuleGroup,
} from './export/rule-shapes.ts';
import { sloOfRequirement } from './export/slo-of-requirement.ts';
import type { OpenSloDocuments } from './openslo/openslo-documents.ts';
import { objectivesOf } from './openslo/resolve-slo.ts';

export interface RulesOptions {
  /** `sloth`: also the labels and metadata series that Sloth's dashboards read. */
  readonly compat?: 'sloth';
  /** Name of the rule file, as the unit test refers to it. */
  readonly rulesFile: string;
}

export interface RulesExport {
  /** A Prometheus rule file. */
  readonly rules: string;
  /** A promtool unit test of it (`promtool test rules`). */
  readonly tests: string;
  /** Sentences: SLOs that have no rules and why, alerts that had to be capped. */
  readonly notes: readonly string[];
}

interface PlannedSlo extends AlertPlan {
  readonly slo: Slo;
}

/** Rules of every SLO document, and of every `latency` and `errors` requirement that can be said as one. */
export function exportRules(
  verifications: readonly Verification[],
  documents: OpenSloDocuments,
  options: RulesOptions,
): RulesExport {
  const notes: string[] = [];
  const style: LabelStyle = options.compat ?? 'plain';
  const exported = plannedSlos(verifications, documents, notes).flatMap((planned) => {
    const groups = groupsOf(planned, style);
    if (groups === undefined) notes.push(`${planned.slo.name}: its queries do not take a {{.window}}: no rules`);
    else notes.push(...cappedNotes(planned), ...silentNotes(planned));
    return groups === undefined ? [] : [{ ...planned, groups }];
  });
  const head = '# Written by `faultline export rules`. Do not edit: export again.\n';
  const remarks = notes.map((note) => `# ${note.replaceAll('\n', ' ')}\n`).join('');
  return {
    rules: head + remarks + stringify({ groups: exported.flatMap(({ groups }) => groups) }, { lineWidth: 0 }),
    tests: head + stringify(promtoolTests(exported, style, options.rulesFile), { lineWidth: 0 }),
    notes,
  };
}

function plannedSlos(
  verifications: readonly Verification[],
  documents: OpenSloDocuments,
  notes: string[],
): readonly PlannedSlo[] {
  const found = new Map<string, PlannedSlo>();
  for (const document of documents.slos.values()) {
    for (const { name, slo } of objectivesOf(document, documents)) {
      if (slo.ok) found.set(name, { slo: slo.value, ...alertPlan(slo.value, document.spec, documents) });
      else notes.push(`${name}: ${slo.error}: no rules`);
    }
  }
  for (const verification of verifications) {
    for (const requirement of verification.requirements) {
      const made = sloOfRequirement(requirement, verification);
      if (made === undefined) continue;
      if ('reason' in made) {
        notes.push(`${verification.name}/${requirement.id}: ${made.reason}: no rules`);
        continue;
      }
      found.set(made.slo.name, { slo: made.slo, ...alertPlan(made.slo, undefined, documents) });
      notes.push(...made.notes.map((note) => `${made.slo.name}: ${note}`));
    }
  }
  return [...found.values()];
}

function cappedNotes({ slo, alerts }: PlannedSlo): readonly string[] {
  const capped = alerts.filter((each) => each.isCapped);
  return capped.map(
    ({ factor, threshold }) =>
      `${slo.name}: a burn rate of ${factor} can never be reached at target ${slo.target}; the alert is capped at ${threshold * 100}% bad`,
  );
}

function silentNotes({ slo, alerts }: PlannedSlo): readonly string[] {
  return alerts.length > 0
    ? []
    : [`${slo.name}: its policies say \`alertWhenBreaching: false\`: recorded, not alerted on`];
}

/** Recordings of every window the alerts look at, then the alerts. Undefined when the SLO's queries cannot be windowed. */
function groupsOf(planned: PlannedSlo, style: LabelStyle): readonly RuleGroup[] | undefined {
  const { slo, alerts, windows, onAbsence } = planned;
  const slices = sliceRecordings(slo, style);
  const ratios = windows.flatMap((window) =>
    recorded(slo, 'slo:sli_error:ratio_rate', window, shareOf(slo, slices, window), style),
  );
  if (ratios.length < windows.length) return undefined;
  // Slices weigh alike however few events they had: there is no floor of events.
  const longs = slices.length > 0 ? [] : [...new Set(alerts.map((each) => each.longMs))];
  const counts = longs.flatMap((window) =>
    recorded(slo, 'slo:sli_total:increase', window, eventCount(slo.indicator, promWindow(window), window), style),
  );
  const metadata = style === 'sloth' ? metadataRules(slo, windows[0]!, shareOf(slo, slices, slo.window)) : [];
  const absent = onAbsence ? [absentRule(slo, windows[0]!, alerts[0]?.severity ?? 'page', style)] : [];
  return [
    { name: `faultline-slo-sli-recordings-${slo.name}`, interval: '30s', rules: [...slices, ...ratios, ...counts] },
    ...(metadata.length === 0
      ? []
      : [{ name: `faultline-slo-meta-recordings-${slo.name}`, interval: '30s', rules: metadata }]),
    {
      name: `faultline-slo-alerts-${slo.name}`,
      rules: [...alerts.map((each) => alertRule(slo, each, counts.length > 0, style)), ...absent],
    },
  ];
}

const SLICE = 'slo:sli_error:slice';

function sliceRecordings(slo: Slo, style: LabelStyle): readonly Rule[] {
  const expr = badSlice(slo);
  return expr === undefined ? [] : [{ record: SLICE, expr, labels: labelsOf(slo, style) }];
}

/** The share of the budget's events, or of its slices, that are bad over a window. */
function shareOf(slo: Slo, slices: readonly Rule[], windowMs: number): string | undefined {
  if (slo.method === 'Occurrences') return badShare(slo.indicator, promWindow(windowMs));
  return slices.length === 0 ? undefined : badSliceShare(slo, `${SLICE}{slo="${slo.name}"}`, windowMs);
}

function recorded(
  slo: Slo,
  prefix: string,
  windowMs: number,
  expr: string | undefined,
  style: LabelStyle,
): readonly Rule[] {
  return expr === undefined
    ? []
    : [{ record: `${prefix}${promWindow(windowMs)}`, expr, labels: labelsOf(slo, style, windowMs) }];
}
