// An alert for tests, changed where a test needs it.
import type { Alert } from '../../src/core/model/alert.ts';
import { unixMillis } from '../../src/core/model/units.ts';
import { examplePlan, findingWith, verdictWith } from './run-builder.ts';

export function alertWith(fields: Partial<Alert> = {}): Alert {
  return {
    id: 'alert-1',
    key: 'checkout-peak/CHK-01/staging',
    status: 'firing',
    event: 'fail',
    at: unixMillis(Date.UTC(2026, 2, 1, 10, 30)),
    since: unixMillis(Date.UTC(2026, 2, 1, 10, 20)),
    target: { name: 'oncall', url: 'http://127.0.0.1:1/hook', format: 'cloudevents' },
    verdict: verdictWith({ requirement: 'CHK-01', verdict: 'fail' }),
    plan: examplePlan,
    cause: findingWith(),
    links: { report: 'http://127.0.0.1:8700/runs/RUN1' },
    ...fields,
  };
}
