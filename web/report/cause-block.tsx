// The where: chain, mechanism, effect, advice, evidence and traces of the best explanation; the others in short.
import type { JSX } from 'preact';
import type { Finding } from '../../src/core/model/finding.ts';
import { evidenceName, evidenceValue } from '../../src/report/evidence-text.ts';
import { formatInterval, formatMillis } from '../../src/report/format-quantity.ts';
import { formatDuration } from '../../src/report/format-time.ts';
import { mechanismWords } from '../../src/report/mechanism-words.ts';
import { type ReportLinks, traceLink } from '../../src/report/report-links.ts';
import { effectText, shareOfViolation } from '../../src/report/terminal-where.ts';
import { Facts } from '../facts.tsx';
import { Chain } from './chain.tsx';

interface Props {
  readonly findings: readonly Finding[];
  readonly notAttributable: string | undefined;
  readonly links: ReportLinks;
  readonly sameAs: string | undefined;
}

const tracesShown = 5;

export function CauseBlock({ findings, notAttributable, links, sameAs }: Props): JSX.Element | null {
  const [first, ...others] = findings;
  if (first === undefined) {
    return notAttributable === undefined ? null : (
      <p class="need">
        <b>Not attributable:</b> {notAttributable}
      </p>
    );
  }
  if (sameAs !== undefined) {
    return (
      <p class="cause-line">
        Same cause as <a href={`#${sameAs}`}>{sameAs}</a>: <Chain finding={first} />, {mechanismWords[first.mechanism]},{' '}
        {effectText(first)}.
      </p>
    );
  }
  return (
    <div class="cause">
      <p class="cause-line">
        <span class="mechanism">{mechanismWords[first.mechanism]}</span> <Chain finding={first} />
      </p>
      <p>{first.explanation}</p>
      <p class="advice">
        <b>Do:</b> {first.advice}
      </p>
      <CauseFacts finding={first} />
      <Traces traces={first.traces} links={links} />
      {others.length > 0 && (
        <>
          <h4>Other contributions</h4>
          <ul class="others">
            {others.map((finding) => (
              <li key={finding.rank}>
                <Chain finding={finding} />: {mechanismWords[finding.mechanism]}, {effectText(finding)},{' '}
                {finding.confidence} confidence
              </li>
            ))}
          </ul>
        </>
      )}
      {notAttributable !== undefined && <p class="quiet">{notAttributable}</p>}
    </div>
  );
}

function CauseFacts({ finding }: { readonly finding: Finding }): JSX.Element {
  const interval = finding.effectInterval === undefined ? '' : ` (${formatInterval(finding.effectInterval, 'ms')})`;
  const amplifiers = finding.amplifiers.map(
    (each) =>
      `${mechanismWords[each.mechanism]} at ${each.edge === undefined ? each.service : `${each.edge.caller} → ${each.edge.callee}`}`,
  );
  return (
    <Facts
      facts={[
        { name: 'operation', value: finding.operation === '' ? undefined : <code>{finding.operation}</code> },
        {
          name: 'effect on a violating request',
          value: finding.effectMs === 0 ? undefined : `+${formatMillis(finding.effectMs)}${interval}`,
        },
        { name: 'share of the violation', value: shareOfViolation(finding) },
        { name: 'confidence', value: finding.confidence },
        {
          name: 'began',
          value: finding.onsetMs === undefined ? undefined : `${formatDuration(finding.onsetMs)} into the run`,
        },
        { name: 'worsened by', value: amplifiers.join(', ') },
        ...finding.evidence.map((each) => ({ name: evidenceName(each), value: evidenceValue(each) })),
      ]}
    />
  );
}

function Traces({
  traces,
  links,
}: {
  readonly traces: readonly string[];
  readonly links: ReportLinks;
}): JSX.Element | null {
  if (traces.length === 0) return null;
  return (
    <div>
      <h4>Traces that show it</h4>
      <ul class="traces">
        {traces.slice(0, tracesShown).map((trace) => {
          const link = traceLink(links, trace);
          return (
            <li key={trace} class="trace-id">
              {link === undefined ? trace : <a href={link}>{trace}</a>}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
