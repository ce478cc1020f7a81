// GitHub repository_dispatch: starts a workflow with the alert as client_payload (POST /repos/OWNER/REPO/dispatches).
import type { Alert } from '../../../core/model/alert.ts';
import { causeOf, pathOf, summaryOf } from './alert-text.ts';

export function githubDispatch(alert: Alert): unknown {
  return {
    event_type: alert.status === 'resolved' ? 'faultline-recovered' : 'faultline-failed',
    client_payload: {
      key: alert.key,
      status: alert.status,
      summary: summaryOf(alert),
      where: pathOf(alert),
      cause: causeOf(alert),
      run: alert.plan.runId,
      commit: alert.plan.commit ?? '',
      report: alert.links.report ?? '',
    },
  };
}
