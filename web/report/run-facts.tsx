// What this run was made from: enough to make it again.
import type { JSX } from 'preact';
import type { Run } from '../../src/core/model/run.ts';
import { readableTime } from '../../src/report/format-time.ts';
import { Facts } from '../facts.tsx';

export function RunFacts({ run }: { readonly run: Run }): JSX.Element {
  const { plan, window } = run;
  return (
    <div class="panel padded">
      <Facts
        facts={[
          { name: 'run', value: <code>{plan.runId}</code> },
          { name: 'verification', value: plan.verification },
          { name: 'service', value: plan.service },
          { name: 'environment', value: plan.environment },
          { name: 'commit', value: plan.commit === undefined ? undefined : <code>{plan.commit}</code> },
          { name: 'branch', value: plan.branch },
          { name: 'workload hash', value: <code>{plan.workloadHash}</code> },
          { name: 'seed', value: String(plan.seed) },
          { name: 'started by', value: plan.trigger },
          { name: 'mode', value: plan.mode === 'run' ? 'load and telemetry' : 'telemetry only' },
          { name: 'target', value: plan.target },
          { name: 'status', value: run.status },
          { name: 'judged phases', value: run.phases.join(', ') },
          { name: 'judged window', value: `${readableTime(window.start)} to ${readableTime(window.end)}` },
        ]}
      />
    </div>
  );
}
