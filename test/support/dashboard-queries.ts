// Every question that the Grafana boards ask Prometheus, with the boards' variables filled in.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './run-cli.ts';

export interface DashboardQuery {
  /** `board: panel`, for messages. */
  readonly where: string;
  readonly expr: string;
}

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
  readonly panels?: readonly Panel[];
}

interface Board {
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly annotations?: { readonly list: readonly { readonly name: string; readonly expr?: string }[] };
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: unknown }[] };
}

/** `values`: by variable name; every variable is taken for a regular expression that matches all when it is not given. */
export function dashboardQueries(values: Readonly<Record<string, string>>): readonly DashboardQuery[] {
  const folder = join(repository, 'dashboards');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      const board: Board = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      return [...fromPanels(board), ...fromAnnotations(board), ...fromVariables(board)].map(({ where, expr }) => ({
        where: `${board.title}: ${where}`,
        expr: filled(expr, values),
      }));
    });
}

function fromPanels({ panels }: Pick<Board, 'panels'>): readonly DashboardQuery[] {
  return panels.flatMap((panel) => [
    ...(panel.targets ?? []).map(({ expr }) => ({ where: panel.title, expr })),
    ...fromPanels({ panels: panel.panels ?? [] }),
  ]);
}

function fromAnnotations({ annotations }: Board): readonly DashboardQuery[] {
  return (annotations?.list ?? []).flatMap(({ name, expr }) => (expr === undefined ? [] : [{ where: name, expr }]));
}

/** `label_values(SELECTOR, label)` lists the values of series that the selector finds. */
function fromVariables({ templating }: Board): readonly DashboardQuery[] {
  return templating.list.flatMap(({ name, query }) => {
    const text = typeof query === 'string' ? query : String((query as { query?: unknown } | null)?.query ?? '');
    const selector = /^label_values\((.+), \w+\)$/.exec(text)?.[1];
    return selector === undefined ? [] : [{ where: `variable ${name}`, expr: selector }];
  });
}

function filled(expr: string, values: Readonly<Record<string, string>>): string {
  return expr.replaceAll(/\$\{?(\w+)\}?/g, (_, name: string) => values[name] ?? '.*');
}
