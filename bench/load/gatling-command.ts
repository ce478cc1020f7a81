// Gatling: a simulation in Java, compiled beside the run.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Command, LoadOrder } from './generator.ts';

/** A closed loop of users without pauses, on shared connections. */
export function gatlingCommand({ url, connections, seconds }: LoadOrder, jars: readonly string[]): Command {
  const folder = join(tmpdir(), `faultline-gatling-${connections}-${seconds}-${new URL(url).port}`);
  mkdirSync(folder, { recursive: true });
  const source = join(folder, 'Closed.java');
  writeFileSync(
    source,
    `import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;
import io.gatling.javaapi.core.*;
import io.gatling.javaapi.http.*;
public class Closed extends Simulation {
  { setUp(scenario("closed").during(${seconds}).on(exec(http("root").get("/"))).injectOpen(atOnceUsers(${connections})))
      .protocols(http.baseUrl("${url.replace(/\/$/, '')}").shareConnections()); }
}
`,
  );
  // As Gatling's own bundle has it: without, every request is logged.
  writeFileSync(join(folder, 'logback.xml'), '<configuration><root level="OFF"/></configuration>');
  const classPath = [folder, ...jars].join(delimiter);
  execFileSync('javac', ['-cp', classPath, '-d', folder, source], { stdio: 'ignore' });
  return {
    args: [
      'java',
      '--add-opens=java.base/java.lang=ALL-UNNAMED',
      '-cp',
      classPath,
      'io.gatling.app.Gatling',
      '-s',
      'Closed',
      '-nr',
      '-rf',
      join(folder, 'results'),
    ],
  };
}
