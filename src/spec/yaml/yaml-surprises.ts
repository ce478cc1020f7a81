// Plain values that YAML 1.2 reads otherwise than they look, or otherwise than YAML 1.1 did.
import type { Diagnose } from '../diagnostics/diagnose.ts';
import type { LocatedNode, LocatedScalar } from './located-node.ts';

/** Remarks on every surprising scalar of a document. */
export function warnOfSurprises(root: LocatedNode, diagnose: Diagnose): void {
  if (root.kind === 'list') for (const item of root.items) warnOfSurprises(item, diagnose);
  else if (root.kind === 'map') for (const entry of root.entries.values()) warnOfSurprises(entry.value, diagnose);
  else warnOfScalar(root, diagnose);
}

function warnOfScalar(node: LocatedScalar, diagnose: Diagnose): void {
  if (!node.isPlain || node.text === '') return;
  const warn = (message: string, help: string): void => diagnose('LINT_YAML_SURPRISE', node.span, message, help);
  if (typeof node.value === 'number') {
    if (/^[-+]?0\d+$/.test(node.text))
      warn(`\`${node.text}\` is the number ${node.value}`, `quote it: "${node.text}", or write ${node.value}`);
    else if (/^0[xo]/i.test(node.text))
      warn(`\`${node.text}\` is the number ${node.value}`, `quote it, or write ${node.value}`);
    else if (!Number.isSafeInteger(node.value) && /^[-+]?\d+$/.test(node.text))
      warn(`\`${node.text}\` is too large to be kept exactly`, `quote it: "${node.text}"`);
    return;
  }
  if (typeof node.value !== 'string') return;
  if (/^(yes|no|on|off|y|n)$/i.test(node.text))
    warn(`\`${node.text}\` is a text, not true or false`, `write true or false, or quote it: "${node.text}"`);
  else if (/^[-+]?\d{1,3}([_ ]\d{3})+$/.test(node.text))
    warn(`\`${node.text}\` is a text, not a number`, `write ${node.text.replaceAll(/[_ ]/g, '')}`);
  else if (/^\d{1,2}:\d{2}(:\d{2})?$/.test(node.text))
    warn(`\`${node.text}\` is a text; YAML 1.1 readers take it for a number of seconds`, `quote it: "${node.text}"`);
}
