// network: the wire between checkout and payments. Neither end knows it is there; under `network-delay` it is slow.
import { connect, createServer } from 'node:net';
import { carry } from '../kit/delayed-wire.ts';
import { runPlainProcess } from '../kit/run-plain-process.ts';

await runPlainProcess(({ settings, services }) => {
  const delayMs = (): number => {
    const { delayFromMs, delayToMs } = settings().network;
    return delayFromMs + Math.random() * (delayToMs - delayFromMs);
  };
  return {
    server: createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
      const payments = services()?.payments;
      if (payments === undefined) return void near.destroy(); // nobody at the other end yet
      const far = connect({
        host: '127.0.0.1',
        port: Number(new URL(payments).port),
        allowHalfOpen: true,
        noDelay: true,
      });
      carry(near, far, delayMs);
      carry(far, near, delayMs);
    }),
  };
});
