// Ids and names that must differ within a document.
import type { Diagnose } from '../diagnostics/diagnose.ts';
import type { DiagnosticCode } from '../diagnostics/diagnostic-codes.ts';
import { itemsAt, type LocatedNode, type NodePath, spanAt, textAt } from '../yaml/located-node.ts';
import { rangeOf } from '../yaml/source-text.ts';

/** Reports the second of each pair and says where the first is. */
export function checkDuplicates(root: LocatedNode, diagnose: Diagnose): void {
  const check = (path: NodePath, field: string, code: DiagnosticCode, noun: string, help?: string): void => {
    const first = new Map<string, NodePath>();
    for (const index of itemsAt(root, path).keys()) {
      const at = [...path, index, field];
      const name = textAt(root, at);
      if (name === undefined) continue;
      const earlier = first.get(name);
      if (earlier === undefined) first.set(name, at);
      else
        diagnose(
          code,
          spanAt(root, at),
          `a second ${noun} \`${name}\``,
          [
            root.span.source.isGenerated ? undefined : `the first is on line ${rangeOf(spanAt(root, earlier)).line}`,
            help,
          ]
            .filter(Boolean)
            .join('; '),
        );
    }
  };
  check(
    ['spec', 'requirements'],
    'id',
    'SPEC_ID_DUPLICATE',
    'requirement with the id',
    'alerts and history are kept by id',
  );
  check(['spec', 'workload', 'phases'], 'name', 'SPEC_NAME_DUPLICATE', 'phase named');
  check(['spec', 'workload', 'scenarios'], 'name', 'SPEC_NAME_DUPLICATE', 'scenario named');
}
