// Where a breakpoint search broke its requirement: the knee and the steps around it.
import type { JSX } from 'preact';
import type { Breakpoint } from '../../src/core/model/breakpoint.ts';
import type { Run } from '../../src/core/model/run.ts';
import { breakpointSentence, gaveWayText, stepsAroundKnee } from '../../src/report/breakpoint-text.ts';
import { VerdictMark } from '../verdict-mark.tsx';

const marks = { held: 'pass', broke: 'fail', undecided: 'inconclusive' } as const;

export function BreakpointTable({
  run,
  breakpoint,
}: {
  readonly run: Run;
  readonly breakpoint: Breakpoint;
}): JSX.Element {
  const gaveWay = gaveWayText(run);
  return (
    <>
      <p>
        <b>{breakpointSentence(breakpoint)}</b> <code>{breakpoint.rule}</code>
      </p>
      <div class="panel scroll">
        <table>
          <thead>
            <tr>
              <th scope="col" class="number">
                load
              </th>
              <th scope="col">state</th>
              {['value', 'limit', 'samples', 'lasted'].map((name) => (
                <th key={name} scope="col" class="number">
                  {name}
                </th>
              ))}
              <th scope="col">phase</th>
            </tr>
          </thead>
          <tbody>
            {stepsAroundKnee(breakpoint).map(({ step, load, state, why, value, limit, requests, lasted }) => (
              <tr key={step.startMs}>
                <th scope="row" class="number">
                  {load}
                </th>
                <td>
                  <VerdictMark verdict={marks[step.state]} /> {state}
                  {why !== '' && <span class="quiet">: {why}</span>}
                </td>
                <td class="number">{value}</td>
                <td class="number">{limit}</td>
                <td class="number">{requests}</td>
                <td class="number">{lasted}</td>
                <td>{step.phase}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {gaveWay !== undefined && <p>{gaveWay}</p>}
    </>
  );
}
