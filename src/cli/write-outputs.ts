// Writes the reports of a run where the flags and the CI environment want them.
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Run } from '../core/model/run.ts';
import { githubAnnotations } from '../report/annotations.ts';
import { htmlReport } from '../report/html.ts';
import { jsonReport } from '../report/json.ts';
import { junitReport } from '../report/junit.ts';
import { markdownReport } from '../report/markdown.ts';
import { openMetricsReport } from '../report/open-metrics.ts';
import type { ReportLinks } from '../report/report-links.ts';
import type { Console } from './console.ts';
import { readHtmlTemplate } from './html-template.ts';
import type { RunFlags } from './run-options.ts';

/** Returns the files written. `isOnly`: the only run of this call; otherwise file names carry the verification's name. */
export async function writeOutputs(
  run: Run,
  flags: RunFlags,
  console: Console,
  context: { readonly isOnly: boolean; readonly environment: NodeJS.ProcessEnv; readonly links: ReportLinks },
): Promise<readonly string[]> {
  const { links } = context;
  const html = async (): Promise<string> => htmlReport(await readHtmlTemplate(), run, links);
  const json = (): string => `${JSON.stringify(jsonReport(run, { links }), null, 2)}\n`;
  const junit = (): string => junitReport([run], { links });
  const wanted: (readonly [string, () => string | Promise<string>])[] = [];
  if (flags.out !== undefined) {
    const folder = context.isOnly ? flags.out : join(flags.out, run.plan.verification);
    wanted.push(
      [join(folder, 'report.html'), html],
      [join(folder, 'report.json'), json],
      [join(folder, 'junit.xml'), junit],
      [join(folder, 'report.md'), () => markdownReport(run, links)],
      [join(folder, 'metrics.txt'), () => openMetricsReport(run)],
    );
  }
  if (flags.html !== undefined) wanted.push([named(flags.html, run, context.isOnly), html]);
  if (flags.junit !== undefined) wanted.push([named(flags.junit, run, context.isOnly), junit]);
  if (flags.json === '-') console.out(json());
  else if (flags.json !== undefined) wanted.push([named(flags.json, run, context.isOnly), json]);

  for (const [path, render] of wanted) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await render());
  }
  await reportToGithub(run, console, context);
  return wanted.map(([path]) => path);
}

/** On GitHub Actions: annotations on the YAML lines and the job summary. */
async function reportToGithub(
  run: Run,
  console: Console,
  { environment, links }: { readonly environment: NodeJS.ProcessEnv; readonly links: ReportLinks },
): Promise<void> {
  if (environment['GITHUB_ACTIONS'] !== 'true') return;
  for (const line of githubAnnotations(run)) console.out(line);
  const summary = environment['GITHUB_STEP_SUMMARY'];
  if (summary !== undefined && summary !== '') await appendFile(summary, markdownReport(run, links));
}

function named(path: string, run: Run, isOnly: boolean): string {
  if (isOnly) return path;
  const dot = path.lastIndexOf('.');
  return dot <= path.lastIndexOf('/')
    ? `${path}-${run.plan.verification}`
    : `${path.slice(0, dot)}-${run.plan.verification}${path.slice(dot)}`;
}
