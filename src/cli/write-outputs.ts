// Writes the reports of a run where the flags and the CI environment want them.
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
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
import { cannotWrite, writeOutputFile } from './output-files.ts';
import type { RunFlags } from './run-options.ts';

interface OutputContext {
  /** The only run of this call; otherwise file names carry the verification's name. */
  readonly isOnly: boolean;
  readonly environment: NodeJS.ProcessEnv;
  readonly links: ReportLinks;
}

export interface WrittenOutputs {
  readonly files: readonly string[];
  /** One sentence for each file that was asked for and could not be written. */
  readonly problems: readonly string[];
}

/** Writes what can be written, whatever becomes of the others. */
export async function writeOutputs(
  run: Run,
  flags: RunFlags,
  console: Console,
  context: OutputContext,
): Promise<WrittenOutputs> {
  const rendered = renderings(run, flags, context.links);
  if (flags.json === '-') console.out(await rendered.json());
  const files: string[] = [];
  const problems: string[] = [];
  for (const { path, format } of outputFiles(flags, run.plan.verification, context.isOnly)) {
    const written = await writeOutputFile(path, await rendered[format]());
    if (written.ok) files.push(path);
    else problems.push(written.error);
  }
  await reportToGithub(run, flags, console, context);
  return { files, problems };
}

/** The paths that the flags ask for. */
export function outputPaths(flags: RunFlags, verification: string, isOnly: boolean): readonly string[] {
  return outputFiles(flags, verification, isOnly).map(({ path }) => path);
}

type Format = 'html' | 'json' | 'junit' | 'markdown' | 'metrics';

interface OutputFile {
  readonly path: string;
  readonly format: Format;
}

function outputFiles(flags: RunFlags, verification: string, isOnly: boolean): readonly OutputFile[] {
  const files: OutputFile[] = [];
  if (flags.out !== undefined) {
    const folder = isOnly ? flags.out : join(flags.out, verification);
    files.push(
      { path: join(folder, 'report.html'), format: 'html' },
      { path: join(folder, 'report.json'), format: 'json' },
      { path: join(folder, 'junit.xml'), format: 'junit' },
      { path: join(folder, 'report.md'), format: 'markdown' },
      { path: join(folder, 'metrics.txt'), format: 'metrics' },
    );
  }
  const path = (given: string): string => (isOnly ? given : named(given, verification));
  if (flags.html !== undefined) files.push({ path: path(flags.html), format: 'html' });
  if (flags.junit !== undefined) files.push({ path: path(flags.junit), format: 'junit' });
  if (flags.json !== undefined && flags.json !== '-') files.push({ path: path(flags.json), format: 'json' });
  return files;
}

function renderings(
  run: Run,
  { failOn }: RunFlags,
  links: ReportLinks,
): Readonly<Record<Format, () => Promise<string>>> {
  return {
    html: async () => htmlReport(await readHtmlTemplate(), run, links),
    json: async () => `${JSON.stringify(jsonReport(run, { links }), null, 2)}\n`,
    junit: async () => junitReport([run], { links, failOn }),
    markdown: async () => markdownReport(run, links),
    metrics: async () => openMetricsReport(run),
  };
}

/**
 * On GitHub Actions: annotations on the YAML lines and the job summary. The runner reads its commands from both streams: they stay out of a standard output that
 * is JSON. A summary that cannot be written changes no verdict.
 */
async function reportToGithub(
  run: Run,
  flags: RunFlags,
  console: Console,
  { environment, links }: OutputContext,
): Promise<void> {
  if (environment['GITHUB_ACTIONS'] !== 'true') return;
  const say = flags.json === '-' ? console.error : console.out;
  for (const line of githubAnnotations(run, flags.failOn)) say(line);
  const summary = environment['GITHUB_STEP_SUMMARY'];
  if (summary === undefined || summary === '') return;
  await appendFile(summary, markdownReport(run, links)).catch((cause: unknown) =>
    console.error(`faultline: the job summary ${cannotWrite(summary, cause)}`),
  );
}

function named(path: string, verification: string): string {
  const dot = path.lastIndexOf('.');
  return dot <= path.lastIndexOf('/')
    ? `${path}-${verification}`
    : `${path.slice(0, dot)}-${verification}${path.slice(dot)}`;
}
