// The load that was driven, by step and phase.
import type { JSX } from 'preact';
import type { Run, StepSummary } from '../../src/core/model/run.ts';
import { formatCount, formatMillis, formatQuantity, formatShare } from '../../src/report/format-quantity.ts';
import { failureTexts } from '../../src/report/step-failures.ts';

export function LoadTable({ run }: { readonly run: Run }): JSX.Element {
  const judged = (step: StepSummary): boolean => run.phases.includes(step.phase);
  const steps = [...run.steps.filter(judged), ...run.steps.filter((step) => !judged(step))];
  const failures = failureTexts(run);
  const hasScenarios = new Set(steps.map((step) => step.scenario)).size > 1;
  return (
    <div class="panel scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">step</th>
            {hasScenarios && <th scope="col">scenario</th>}
            <th scope="col">phase</th>
            {['requests', 'rate', 'p50', 'p95', 'p99', 'max', 'service p99', 'failed'].map((name) => (
              <th key={name} scope="col" class="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={`${step.scenario} ${step.step} ${step.phase}`} class={judged(step) ? '' : 'not-judged'}>
              <th scope="row" class="step-cell">
                {step.step}
              </th>
              {hasScenarios && <td>{step.scenario}</td>}
              <td>
                {step.phase}
                {!judged(step) && <span class="quiet"> (not judged)</span>}
              </td>
              <td class="number">{formatCount(step.requests)}</td>
              <td class="number">{formatQuantity(step.ratePerSecond, '/s')}</td>
              {[step.p50Ms, step.p95Ms, step.p99Ms, step.maxMs, step.serviceP99Ms].map((value, i) => (
                <td key={i} class="number">
                  {step.requests === 0 ? '–' : formatMillis(value)}
                </td>
              ))}
              <td class="number">
                {formatCount(step.failed)}
                {step.failed > 0 && <span class="quiet"> ({formatShare(step.failed / step.requests)})</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {failures.length > 0 && (
        <>
          <h4>Why requests failed</h4>
          <ul class="reasons">
            {failures.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
