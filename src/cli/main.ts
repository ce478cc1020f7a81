#!/usr/bin/env node
// Starts the command line; refuses runtimes that cannot run it before anything else is loaded.
import module from 'node:module';
import process from 'node:process';

const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 24) {
  process.stderr.write(
    `faultline needs Node.js 24 or newer, this is ${process.version}. Run it through npx or npm run (they bring their own Node on Linux x64), or install Node 24.\n`,
  );
  process.exitCode = 2;
} else {
  // What V8 compiled is kept in the system's folder for temporary files: the next start is shorter by far. NODE_DISABLE_COMPILE_CACHE=1 forbids it.
  module.enableCompileCache();
  const { runProgram } = await import('./program.ts');
  process.exitCode = await runProgram(process.argv);
}
