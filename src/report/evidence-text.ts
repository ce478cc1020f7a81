// One number that speaks for a finding, as a reader sees it.
import type { Evidence } from '../core/model/finding.ts';
import { formatMillis, formatNumber, formatQuantity, formatShare } from './format-quantity.ts';
import { printable } from './printable.ts';

/** `self time 171 ms, normally 13 ms`; names and units are the analysis's own. */
export function evidenceText(evidence: Evidence): string {
  return `${evidenceName(evidence)} ${evidenceValue(evidence)}`;
}

/** `retryAmplification`, `retry_amplification` and `retry-amplification` all read `retry amplification`. */
export function evidenceName(evidence: Evidence): string {
  const words = evidence.name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/[_-]+/g, ' ');
  return printable(words.replace(/ ms$/i, '').toLowerCase());
}

/** `171 ms, normally 13 ms`. */
export function evidenceValue(evidence: Evidence): string {
  const normal = evidence.baseline === undefined ? '' : `, normally ${quantityText(evidence.baseline, evidence.unit)}`;
  return printable(`${quantityText(evidence.value, evidence.unit)}${normal}`);
}

function quantityText(value: number, unit: string): string {
  switch (unit) {
    case 'ms':
      return formatMillis(value);
    case 'ratio':
      return formatShare(value);
    case 'B':
    case '/s':
      return formatQuantity(value, unit);
    case '':
      return formatNumber(value);
    default:
      return unit === 'x' || unit === '%' ? `${formatNumber(value)}${unit}` : `${formatNumber(value)} ${unit}`;
  }
}
