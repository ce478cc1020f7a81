// Carries bytes from one socket to another, each packet a while later, in order.
import type { Socket } from 'node:net';

interface Packet {
  readonly dueAt: number;
  /** Absent: the sender has nothing more to say. */
  readonly bytes?: Buffer;
}

/** Reading pauses above this, so that a fast sender cannot fill the memory. */
const MAX_HELD_BYTES = 1_000_000;

/** One direction of a connection. `delayMs` is asked per packet; 0 passes it on at once. Ends what it cannot deliver. */
export function carry(from: Socket, to: Socket, delayMs: () => number): void {
  const held: Packet[] = [];
  let heldBytes = 0;
  let timer: NodeJS.Timeout | undefined;

  const deliverDue = (): void => {
    timer = undefined;
    for (let packet = held[0]; packet !== undefined; packet = held[0]) {
      const waitMs = packet.dueAt - performance.now();
      if (waitMs > 0) {
        timer = setTimeout(deliverDue, Math.ceil(waitMs));
        return;
      }
      held.shift();
      if (packet.bytes === undefined) {
        to.end();
      } else {
        heldBytes -= packet.bytes.length;
        to.write(packet.bytes);
      }
    }
    from.resume();
  };

  const hold = (bytes?: Buffer): void => {
    const dueAt = Math.max(performance.now() + delayMs(), held.at(-1)?.dueAt ?? 0);
    held.push(bytes === undefined ? { dueAt } : { dueAt, bytes });
    heldBytes += bytes?.length ?? 0;
    if (heldBytes > MAX_HELD_BYTES) from.pause();
    if (timer === undefined) deliverDue();
  };

  from.on('data', hold);
  from.on('end', () => hold());
  from.on('error', () => to.destroy());
  to.on('close', () => {
    clearTimeout(timer);
    held.length = 0;
  });
}
