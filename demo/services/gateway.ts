// gateway: the shop's front door; hands each request to the service behind it. Its management port switches the fault everywhere.
import type { FaultName } from '../faults.ts';
import type { Management } from '../kit/management-server.ts';
import { runService } from '../kit/run-service.ts';
import { type Addresses, SHOP_PROCESSES } from '../kit/service-names.ts';
import type { CallPolicy } from '../shop-settings.ts';

const PATIENT: CallPolicy = { timeoutMs: 8_000, attempts: 1, backoffMs: 0 };
const SWITCH_TIMEOUT_MS = 3_000;

await runService('gateway', ({ settings, peer }) => ({
  routes: (app) => {
    app.post('/cart', async (request, response) => {
      const body: unknown = request.body ?? {};
      response.status(201).json(await peer('cart').call({ method: 'POST', path: '/carts', body, policy: PATIENT }));
    });

    app.post('/checkout', async (request, response) => {
      const order = await peer('checkout').call({
        method: 'POST',
        path: '/checkout',
        body: (request.body as unknown) ?? {},
        policy: settings().gateway.checkout,
      });
      response.status(201).json(order);
    });

    app.get('/products', async (_request, response) => {
      response.json(await peer('inventory').call({ method: 'GET', path: '/products', policy: PATIENT }));
    });
  },
  management: switchEverywhere,
}));

function switchEverywhere(own: Management, peers: () => Addresses): Management {
  return {
    ...own,
    switchTo: async (fault) => {
      const others = SHOP_PROCESSES.filter((name) => name !== 'gateway');
      await Promise.all([own.switchTo(fault), ...others.map((name) => switchAt(name, peers()[name], fault))]);
    },
  };
}

async function switchAt(name: string, management: string, fault: FaultName): Promise<void> {
  const reply = await fetch(`${management}/admin/fault`, {
    method: 'POST',
    body: JSON.stringify({ fault }),
    signal: AbortSignal.timeout(SWITCH_TIMEOUT_MS),
  });
  if (!reply.ok) throw new Error(`${name} did not switch to ${fault}: it answered ${reply.status}`);
}
