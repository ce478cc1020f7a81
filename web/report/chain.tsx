// The way from the entry to the culprit: gateway › checkout › payments › fraud.
import { Fragment, type JSX } from 'preact';
import type { Finding } from '../../src/core/model/finding.ts';

export function Chain({ finding }: { readonly finding: Pick<Finding, 'path' | 'service'> }): JSX.Element {
  const path = finding.path.length > 0 ? finding.path : [finding.service];
  return (
    <span class="chain">
      {path.map((service, i) => (
        <Fragment key={`${i} ${service}`}>
          {i > 0 && <span class="chain-step"> › </span>}
          <span class={i === path.length - 1 ? 'chain-end' : ''}>{service}</span>
        </Fragment>
      ))}
    </span>
  );
}
