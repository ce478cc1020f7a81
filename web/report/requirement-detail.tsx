// One requirement that did not pass: why, where it broke, how it went over time, and the traces that show it.
import type { JSX } from 'preact';
import type { Run } from '../../src/core/model/run.ts';
import type { Verdict } from '../../src/core/model/verdict.ts';
import { attributionOf } from '../../src/report/attribution-of.ts';
import { decidingClause } from '../../src/report/clause-numbers.ts';
import { formatNumber } from '../../src/report/format-quantity.ts';
import { historyTexts } from '../../src/report/history-text.ts';
import type { ReportLinks } from '../../src/report/report-links.ts';
import { needText, reasonWords } from '../../src/report/verdict-words.ts';
import { VerdictMark } from '../verdict-mark.tsx';
import { CallGraphFigure } from './call-graph-figure.tsx';
import { CauseBlock } from './cause-block.tsx';
import { LatencyFigure } from './latency-figure.tsx';
import { WaterfallFigure } from './waterfall-figure.tsx';

interface Props {
  readonly run: Run;
  readonly verdict: Verdict;
  readonly links: ReportLinks;
  /** A requirement above with the same first cause. */
  readonly sameAs: string | undefined;
}

export function RequirementDetail({ run, verdict, links, sameAs }: Props): JSX.Element {
  const isBroken = verdict.verdict === 'fail' || verdict.verdict === 'warn';
  const { findings, notAttributable, waterfalls } = attributionOf(run, verdict.requirement);
  const finding = isBroken ? findings[0] : undefined;
  const pictures = isBroken ? (
    <Pictures run={run} verdict={verdict} finding={finding} waterfalls={waterfalls} links={links} />
  ) : null;
  return (
    <article
      class={`detail panel ${verdict.verdict}`}
      id={verdict.requirement}
      aria-labelledby={`${verdict.requirement}-title`}
    >
      <header>
        <h3 id={`${verdict.requirement}-title`}>
          <VerdictMark verdict={verdict.verdict} /> {verdict.requirement}{' '}
          <span class="detail-title">{verdict.title}</span>
        </h3>
        <p class="quiet detail-rule">
          <code>{verdict.rule}</code> <span class="nowrap">· {verdict.priority}</span>{' '}
          <span class="nowrap">
            · {verdict.definedAt.file}:{verdict.definedAt.line}
          </span>
        </p>
      </header>
      <p class="explanation">
        {verdict.reason !== undefined && <b>{upperFirst(reasonWords[verdict.reason])}. </b>}
        {verdict.explanation}
      </p>
      {needText(verdict) !== '' && (
        <p class="need">
          <b>To decide:</b> {needText(verdict)}
        </p>
      )}
      {historyTexts(run, verdict.requirement).map((text) => (
        <p class="quiet" key={text}>
          {upperFirst(text)}
        </p>
      ))}
      {isBroken && <CauseBlock findings={findings} notAttributable={notAttributable} links={links} sameAs={sameAs} />}
      {sameAs === undefined ? (
        pictures
      ) : (
        <details class="more">
          <summary>Charts and traces of {verdict.requirement}</summary>
          {pictures}
        </details>
      )}
      {verdict.notes.length > 0 && (
        <ul class="notes quiet">
          {verdict.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </article>
  );
}

type Where = ReturnType<typeof attributionOf>;

interface PicturesProps {
  readonly run: Run;
  readonly verdict: Verdict;
  readonly finding: Where['findings'][number] | undefined;
  readonly waterfalls: Where['waterfalls'];
  readonly links: ReportLinks;
}

function Pictures({ run, verdict, finding, waterfalls, links }: PicturesProps): JSX.Element {
  const clause = decidingClause(verdict);
  const limitMs = clause?.observed?.unit === 'ms' ? clause.limit : undefined;
  const baselineMs = clause?.observed?.unit === 'ms' ? verdict.baseline?.value : undefined;
  return (
    <>
      {run.timeline.length > 1 && (verdict.verdict === 'fail' || limitMs != null) && (
        <LatencyFigure
          timeline={run.timeline}
          judgedPhases={run.phases}
          limitMs={limitMs ?? undefined}
          baselineMs={baselineMs ?? undefined}
          onsetMs={finding?.onsetMs}
          name={`${verdict.requirement}${limitMs == null ? '' : `, limit ${formatNumber(limitMs)} ms`}`}
        />
      )}
      {waterfalls.length > 0 && <WaterfallFigure waterfalls={waterfalls} culprit={finding?.service} links={links} />}
      {waterfalls.length > 0 && <CallGraphFigure waterfalls={waterfalls} finding={finding} />}
    </>
  );
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
