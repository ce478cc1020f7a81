// A row of named values.
import type { ComponentChildren, JSX } from 'preact';

export interface Fact {
  readonly name: string;
  /** Absent: the fact is left out. */
  readonly value: ComponentChildren;
}

/** Facts without a value are left out; nothing at all when none has one. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }): JSX.Element | null {
  const known = facts.filter((fact) => fact.value !== undefined && fact.value !== '');
  if (known.length === 0) return null;
  return (
    <dl class="facts">
      {known.map((fact) => (
        <div key={fact.name}>
          <dt>{fact.name}</dt>
          <dd>{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
