// The receiver alone in a process, so that its CPU can be read by itself. Tells its address to the parent.
import process from 'node:process';
import { otlpReceiver } from '../../src/adapters/otlp/receiver.ts';

const receiver = await otlpReceiver({ host: '127.0.0.1', httpPort: 0, maxSpans: 200_000 });
if (!receiver.ok) throw new Error(receiver.error.message);
process.send?.(receiver.value.endpoint);
process.once('disconnect', () => process.exit());
