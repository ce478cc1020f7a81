// Burn-rate alerts that can never fire, or that fire when all is well.

import { canFire } from '../../core/slo/statistics/burn-rate.ts';
import type { Diagnose } from '../diagnostics/diagnose.ts';
import { type LocatedNode, type NodePath, spanAt } from '../yaml/located-node.ts';
import type { Span } from '../yaml/source-text.ts';
import { webhookFormats } from './notification-targets.ts';
import type { OpenSloAlertCondition, OpenSloAlertPolicy, OpenSloDocuments, OpenSloSpec } from './openslo-documents.ts';

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
  for (const { spec } of documents.slos.values()) {
    const target = targetOf(spec);
    for (const { condition, root, path } of conditionsOf(spec, documents)) {
      const isHigh = condition.op === 'gte' || condition.op === 'gt';
      if (target === undefined || !isHigh || canFire(condition.threshold, target)) continue;
      const most = Number((1 / (1 - target)).toPrecision(4));
      diagnose(
        'LINT_ALERT_IMPOSSIBLE',
        spanAt(root, [...path, 'threshold']),
        `this alert can never fire: at target ${target} a burn rate is at most ${most}`,
        `choose a threshold below ${most}`,
      );
    }
  }
  lintTargets(documents, diagnose);
}

/** Addresses and formats of webhook targets stand in annotations. */
function lintTargets(documents: OpenSloDocuments, diagnose: Diagnose): void {
  for (const { metadata, spec, root } of documents.targets.values()) {
    if (spec.target !== 'webhook') continue;
    const url = metadata.annotations['faultline/url'];
    const format = metadata.annotations['faultline/format'];
    const at = (name: string): Span => spanAt(root, ['metadata', 'annotations', name]);
    if (url === undefined) {
      const message = `\`${metadata.name}\` has no address: alerts for it are recorded, not sent`;
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

function targetOf({ objectives }: OpenSloSpec): number | undefined {
  const objective = objectives[0];
  return objective?.target ?? (objective?.targetPercent === undefined ? undefined : objective.targetPercent / 100);
}

function allConditions(documents: OpenSloDocuments): readonly PlacedCondition[] {
  const own = [...documents.alertConditions.values()].map(({ spec, root }) => ({
    condition: spec.condition,
    root,
    path: ['spec', 'condition'],
  }));
  return [...own, ...[...documents.alertPolicies.values()].flatMap(({ spec, root }) => inlineConditions(spec, root))];
}

function conditionsOf(slo: OpenSloSpec, documents: OpenSloDocuments): readonly PlacedCondition[] {
  return slo.alertPolicies.flatMap((policy) => {
    const name = typeof policy === 'string' ? policy : 'alertPolicyRef' in policy ? policy.alertPolicyRef : undefined;
    const document = name === undefined ? undefined : documents.alertPolicies.get(name);
    if (document === undefined) return [];
    const referred = document.spec.conditions.flatMap((condition) =>
      'conditionRef' in condition ? (documents.alertConditions.get(condition.conditionRef) ?? []) : [],
    );
    return [
      ...inlineConditions(document.spec, document.root),
      ...referred.map(({ spec, root }) => ({ condition: spec.condition, root, path: ['spec', 'condition'] })),
    ];
  });
}

function inlineConditions(policy: OpenSloAlertPolicy, root: LocatedNode): readonly PlacedCondition[] {
  return policy.conditions.flatMap((condition, index) =>
    'conditionRef' in condition
      ? []
      : [{ condition: condition.spec.condition, root, path: ['spec', 'conditions', index, 'spec', 'condition'] }],
  );
}
