// Burn-rate alerts that can never fire, or that fire when all is well.

import { canFire } from '../../core/slo/statistics/burn-rate.ts';
import type { Diagnose } from '../diagnostics/diagnose.ts';
import { type LocatedNode, type NodePath, spanAt } from '../yaml/located-node.ts';
import type { Span } from '../yaml/source-text.ts';
import { webhookFormats } from './notification-targets.ts';
import type {
  OpenSloAlertCondition,
  OpenSloAlertPolicy,
  OpenSloDocument,
  OpenSloDocuments,
  OpenSloObjective,
  OpenSloSpec,
} from './openslo-documents.ts';

/** A condition where it is written. */
interface PlacedCondition {
  readonly condition: OpenSloAlertCondition['condition'];
  readonly root: LocatedNode;
  readonly path: NodePath;
}

/** Remarks on the conditions of all documents, and on notification targets that cannot be reached. */
export function lintAlerts(documents: OpenSloDocuments, diagnose: Diagnose): void {
  for (const { condition, root, path } of allConditions(documents)) {
    if (condition.op === 'gte' || condition.op === 'gt') continue;
    const message = `this alert fires while the burn rate is low: \`op: ${condition.op}\``;
    diagnose(
      'LINT_ALERT_DIRECTION',
      spanAt(root, [...path, 'op']),
      message,
      'a budget is in danger when it burns fast: write `op: gte`',
    );
  }
  for (const slo of documents.slos.values()) lintThresholds(slo, documents, diagnose);
  lintTargets(documents, diagnose);
}

/** Thresholds that an SLO's own target puts out of reach, whichever of its objectives. */
function lintThresholds(
  { spec, root }: OpenSloDocument<OpenSloSpec>,
  documents: OpenSloDocuments,
  diagnose: Diagnose,
): void {
  for (const placed of conditionsOf(spec, root, documents)) {
    const { condition } = placed;
    if (condition.op !== 'gte' && condition.op !== 'gt') continue;
    for (const [index, { displayName, ...objective }] of spec.objectives.entries()) {
      const target = targetOf(objective);
      if (target === undefined || canFire(condition.threshold, target)) continue;
      const most = Number((1 / (1 - target)).toPrecision(4));
      const which = spec.objectives.length === 1 ? '' : ` for the objective ${displayName ?? `no. ${index + 1}`}`;
      diagnose(
        'LINT_ALERT_IMPOSSIBLE',
        spanAt(placed.root, [...placed.path, 'threshold']),
        `this alert can never fire${which}: at target ${target} a burn rate is at most ${most}`,
        `choose a threshold below ${most}`,
      );
    }
  }
}

/** Addresses and formats of webhook targets stand in annotations. */
function lintTargets(documents: OpenSloDocuments, diagnose: Diagnose): void {
  for (const { metadata, spec, root } of documents.targets.values()) {
    if (spec.target !== 'webhook') continue;
    const url = metadata.annotations['faultline/url'];
    const format = metadata.annotations['faultline/format'];
    const at = (name: string): Span => spanAt(root, ['metadata', 'annotations', name]);
    if (url === undefined) {
      const message = `\`${metadata.name}\` has no address: nobody is told of alerts for it`;
      diagnose(
        'LINT_TARGET_WITHOUT_URL',
        spanAt(root, ['metadata', 'name']),
        message,
        'add the annotation `faultline/url`',
      );
    } else if (!url.startsWith('${') && !/^https?:\/\/[^/]/.test(url)) {
      diagnose('SPEC_URL_FORMAT', at('faultline/url'), `an absolute http(s) URL is wanted, found \`${url}\``);
    }
    if (format !== undefined && !webhookFormats.some((known) => known === format)) {
      diagnose(
        'SPEC_VALUE_UNKNOWN',
        at('faultline/format'),
        `wanted one of ${webhookFormats.join(', ')}, found \`${format}\``,
      );
    }
  }
}

function targetOf({ target, targetPercent }: OpenSloObjective): number | undefined {
  return target ?? (targetPercent === undefined ? undefined : targetPercent / 100);
}

/** Each where it is written: as a document, in a policy, in a policy inside an SLO. */
function allConditions(documents: OpenSloDocuments): readonly PlacedCondition[] {
  return [
    ...[...documents.alertConditions.values()].map(ofDocument),
    ...[...documents.alertPolicies.values()].flatMap(({ spec, root }) => inlineConditions(spec, root, ['spec'])),
    ...[...documents.slos.values()].flatMap(({ spec, root }) =>
      policiesInside(spec).flatMap(({ policy, path }) => inlineConditions(policy, root, path)),
    ),
  ];
}

/** Those that an SLO is watched by, in policies of its own or referred to. */
function conditionsOf(slo: OpenSloSpec, root: LocatedNode, documents: OpenSloDocuments): readonly PlacedCondition[] {
  const referred = slo.alertPolicies.flatMap((policy) => {
    const name = typeof policy === 'string' ? policy : 'alertPolicyRef' in policy ? policy.alertPolicyRef : undefined;
    const document = name === undefined ? undefined : documents.alertPolicies.get(name);
    return document === undefined ? [] : [{ policy: document.spec, root: document.root, path: ['spec'] }];
  });
  const own = policiesInside(slo).map((inside) => ({ ...inside, root }));
  return [...referred, ...own].flatMap((each) => [
    ...inlineConditions(each.policy, each.root, each.path),
    ...each.policy.conditions.flatMap((condition) => {
      const found = 'conditionRef' in condition ? documents.alertConditions.get(condition.conditionRef) : undefined;
      return found === undefined ? [] : [ofDocument(found)];
    }),
  ]);
}

function policiesInside(slo: OpenSloSpec): readonly { readonly policy: OpenSloAlertPolicy; readonly path: NodePath }[] {
  return slo.alertPolicies.flatMap((policy, index) =>
    typeof policy === 'string' || 'alertPolicyRef' in policy
      ? []
      : [{ policy: policy.spec, path: ['spec', 'alertPolicies', index, 'spec'] }],
  );
}

function ofDocument({ spec, root }: OpenSloDocument<OpenSloAlertCondition>): PlacedCondition {
  return { condition: spec.condition, root, path: ['spec', 'condition'] };
}

function inlineConditions(policy: OpenSloAlertPolicy, root: LocatedNode, path: NodePath): readonly PlacedCondition[] {
  return policy.conditions.flatMap((condition, index) =>
    'conditionRef' in condition
      ? []
      : [{ condition: condition.spec.condition, root, path: [...path, 'conditions', index, 'spec', 'condition'] }],
  );
}
