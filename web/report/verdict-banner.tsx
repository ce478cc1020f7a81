// The top of the report: the verdict, what broke in one sentence, and which run this is.
import type { JSX } from 'preact';
import type { Run } from '../../src/core/model/run.ts';
import type { Verdict } from '../../src/core/model/verdict.ts';
import { attributionOf } from '../../src/report/attribution-of.ts';
import { formatDuration, readableTime } from '../../src/report/format-time.ts';
import { mechanismAt } from '../../src/report/mechanism-words.ts';
import type { ReportLinks } from '../../src/report/report-links.ts';
import { verdictCounts, verdictMarks } from '../../src/report/verdict-words.ts';
import { Facts } from '../facts.tsx';
import { Chain } from './chain.tsx';

interface Props {
  readonly run: Run;
  readonly verdicts: readonly Verdict[];
  readonly links: ReportLinks;
}

const statusWords: Readonly<Record<Run['status'], string>> = {
  running: 'The run is still going on',
  completed: '',
  aborted: 'A safety limit ended the run',
  interrupted: 'The run was interrupted before its end',
  failed: 'The run could not be made',
};

export function VerdictBanner({ run, verdicts, links }: Props): JSX.Element {
  const { plan } = run;
  const status = [statusWords[run.status], run.message ?? ''].filter((text) => text !== '').join(': ');
  return (
    <>
      {isServed() && (
        <nav class="no-print served">
          <a href="/">All verifications</a>{' '}
          <a href={`/verifications/${encodeURIComponent(plan.verification)}`}>{plan.verification}</a>
        </nav>
      )}
      <header class={`banner panel ${run.verdict}`}>
        <div class="banner-verdict">
          <span class="banner-mark" aria-hidden="true">
            {verdictMarks[run.verdict]}
          </span>
          <span class="banner-word">{run.verdict}</span>
        </div>
        <div class="banner-text">
          <h1>{plan.verification}</h1>
          <p class="quiet">{verdictCounts(verdicts)}</p>
          {status !== '' && <p class="banner-status">{status}</p>}
          <Headline run={run} verdicts={verdicts} />
          <Facts
            facts={[
              { name: 'service', value: plan.service },
              { name: 'environment', value: plan.environment },
              { name: 'started', value: readableTime(plan.startedAt) },
              {
                name: 'took',
                value: run.endedAt > plan.startedAt ? formatDuration(run.endedAt - plan.startedAt) : undefined,
              },
              {
                name: 'commit',
                value: plan.commit === undefined ? undefined : <code>{plan.commit.slice(0, 12)}</code>,
              },
              { name: 'run', value: <code>{plan.runId}</code> },
              { name: 'dashboard', value: webLink(links.dashboard, 'open') },
            ]}
          />
        </div>
      </header>
    </>
  );
}

/** What an on-call engineer must know first: the worst requirement and where it broke, or why nobody can say. */
function Headline({ run, verdicts }: { readonly run: Run; readonly verdicts: readonly Verdict[] }): JSX.Element | null {
  const worst = verdicts.find((verdict) => verdict.verdict === 'fail');
  const finding = worst === undefined ? undefined : attributionOf(run, worst.requirement).findings[0];
  if (worst === undefined) return <Undecided run={run} verdicts={verdicts} />;
  if (finding === undefined) return null;
  return (
    <p class="headline">
      <a href={`#${worst.requirement}`}>{worst.requirement}</a> broke.{' '}
      <b>{upperFirst(mechanismAt(finding.mechanism))}</b> <b>{finding.service}</b>: <Chain finding={finding} />
    </p>
  );
}

/** The reason of the whole run where there is one, else that of its worst requirement. */
function Undecided({
  run,
  verdicts,
}: {
  readonly run: Run;
  readonly verdicts: readonly Verdict[];
}): JSX.Element | null {
  const [worst] = verdicts;
  if (worst === undefined || (worst.verdict !== 'inconclusive' && worst.verdict !== 'error')) return null;
  const isWhole = run.verdict === 'inconclusive' && run.validity.touches === undefined;
  const [reason] = isWhole ? run.validity.reasons : [];
  if (reason !== undefined) return <p class="headline">This run may not judge: {reason}.</p>;
  return (
    <p class="headline">
      <a href={`#${worst.requirement}`}>{worst.requirement}</a> could not be judged: {worst.explanation}.
    </p>
  );
}

/** Whether the service shows this report under its own address: then there are pages to go back to. */
const isServed = (): boolean => /^https?:$/.test(location.protocol) && location.pathname.startsWith('/runs/');

/** Only http(s): a link in a report must not run anything. */
function webLink(url: string | undefined, text: string): JSX.Element | undefined {
  return url === undefined || !/^https?:\/\//i.test(url) ? undefined : <a href={url}>{text}</a>;
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
