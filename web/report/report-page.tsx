// The report from top to bottom: verdict, requirements, what broke and where, validity, load, the run itself.
import type { JSX } from 'preact';
import type { HtmlReportData } from '../../src/report/html.ts';
import { worstFirst } from '../../src/report/worst-first.ts';
import { AllNumbers } from './all-numbers.tsx';
import { BreakpointTable } from './breakpoint-table.tsx';
import { LatencyFigure } from './latency-figure.tsx';
import { LoadTable } from './load-table.tsx';
import { RequirementDetail } from './requirement-detail.tsx';
import { RequirementTable } from './requirement-table.tsx';
import { RunFacts } from './run-facts.tsx';
import { toldBefore } from './told-before.ts';
import { ValidityPanel } from './validity-panel.tsx';
import { VerdictBanner } from './verdict-banner.tsx';

export function ReportPage({ data }: { readonly data: HtmlReportData }): JSX.Element {
  const { run, links } = data;
  const verdicts = worstFirst(run.verdicts);
  const broken = verdicts.filter((verdict) => verdict.verdict !== 'pass');
  const told = toldBefore(run, broken);
  return (
    <main>
      <VerdictBanner run={run} verdicts={verdicts} links={links} />
      <section aria-labelledby="requirements">
        <h2 id="requirements">Requirements</h2>
        <RequirementTable run={run} verdicts={verdicts} />
      </section>
      {broken.length > 0 && (
        <section aria-labelledby="broken">
          <h2 id="broken">What did not pass, and where</h2>
          {broken.map((verdict) => (
            <RequirementDetail
              key={verdict.requirement}
              run={run}
              verdict={verdict}
              links={links}
              sameAs={told.get(verdict.requirement)}
            />
          ))}
        </section>
      )}
      {run.breakpoint !== undefined && (
        <section aria-labelledby="breakpoint">
          <h2 id="breakpoint">Breaking point</h2>
          <BreakpointTable run={run} breakpoint={run.breakpoint} />
        </section>
      )}
      {run.status !== 'failed' && (
        <section aria-labelledby="validity">
          <h2 id="validity">May this run judge?</h2>
          <ValidityPanel run={run} />
        </section>
      )}
      {run.steps.length > 0 && (
        <section aria-labelledby="load">
          <h2 id="load">Load</h2>
          <LoadTable run={run} />
          {!broken.some((verdict) => verdict.verdict === 'fail') && run.timeline.length > 1 && (
            <div class="panel padded load-chart">
              <LatencyFigure
                timeline={run.timeline}
                judgedPhases={run.phases}
                limitMs={undefined}
                baselineMs={undefined}
                onsetMs={undefined}
                name="all requests"
              />
            </div>
          )}
        </section>
      )}
      {verdicts.length > 0 && (
        <section aria-labelledby="numbers">
          <h2 id="numbers">The numbers behind each verdict</h2>
          <AllNumbers verdicts={verdicts} />
        </section>
      )}
      <section aria-labelledby="run">
        <h2 id="run">This run</h2>
        <RunFacts run={run} />
      </section>
    </main>
  );
}
