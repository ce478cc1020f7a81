// The load engine under its contract: each lane, one thread and several.
import { loadEngine } from '../../src/adapters/load/load-engine.ts';
import { loadEngineContract } from './load-engine.ts';

loadEngineContract({ name: 'fast lane', engine: loadEngine, target: 'http/1.1' });

loadEngineContract({ name: 'fast lane, three threads', engine: loadEngine, target: 'http/1.1', threads: 3 });

loadEngineContract({
  name: 'general lane (HTTP/2)',
  engine: loadEngine,
  target: 'h2c',
  workload: { transport: { httpVersion: '2' } },
});
