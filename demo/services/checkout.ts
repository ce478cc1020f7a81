// checkout: turns a basket into a paid order: basket, then prices and stock at the same time, then payment.
import { randomUUID } from 'node:crypto';
import { type BasketLine, DEPARTMENTS } from '../kit/basket.ts';
import { runService } from '../kit/run-service.ts';
import type { CallPolicy } from '../shop-settings.ts';

/** Long enough that a queue shows as waiting, not as errors. */
const PATIENT: CallPolicy = { timeoutMs: 8_000, attempts: 1, backoffMs: 0 };

await runService('checkout', ({ settings, peer }) => {
  const pricing = (path: string, lines: readonly BasketLine[]) => async (): Promise<number> => {
    const client = peer('pricing', settings().checkout.pricingConnections);
    const { amount } = await client.call<{ amount: number }>({
      method: 'POST',
      path,
      body: { lines },
      policy: PATIENT,
    });
    return amount;
  };

  const reserve = (orderId: string, lines: readonly BasketLine[]) => async (): Promise<number> => {
    await peer('inventory').call({ method: 'POST', path: '/reservations', body: { orderId, lines }, policy: PATIENT });
    return 0;
  };

  const pricesAndStock = (orderId: string, lines: readonly BasketLine[]): Promise<number> => {
    const quotes = DEPARTMENTS.map((department) => ({
      department,
      lines: lines.filter((line) => line.department === department),
    })).filter((each) => each.lines.length > 0);
    const calls = [
      ...quotes.map((each) => pricing(`/departments/${each.department}/quotes`, each.lines)),
      // Few lines, few rules: a small basket has no promotions.
      ...(quotes.length > 1 ? [pricing('/promotions', lines)] : []),
      pricing('/taxes', lines),
      pricing('/shipping', lines),
      reserve(orderId, lines),
    ];
    return settings().checkout.fanOut === 'parallel' ? sumInParallel(calls) : sumInTurn(calls);
  };

  return {
    routes: (app) => {
      app.post('/checkout', async (request, response) => {
        const { cartId = 'today' } = (request.body ?? {}) as { cartId?: string };
        const orderId = randomUUID();
        const { lines } = await peer('cart').call<{ lines: readonly BasketLine[] }>({
          method: 'GET',
          path: `/carts/${encodeURIComponent(cartId)}`,
          policy: PATIENT,
        });
        const amount = await pricesAndStock(orderId, lines);
        const { paymentId } = await peer('payments').call<{ paymentId: string }>({
          method: 'POST',
          path: '/payments',
          body: { orderId, amount },
          policy: settings().checkout.payments,
        });
        response.status(201).json({ orderId, paymentId, amount });
      });
    },
    faultSwitched: ({ checkout }) =>
      peer('pricing', checkout.pricingConnections).pool.resize(checkout.pricingConnections),
  };
});

async function sumInParallel(calls: readonly (() => Promise<number>)[]): Promise<number> {
  const amounts = await Promise.all(calls.map((call) => call()));
  return amounts.reduce((sum, amount) => sum + amount, 0);
}

async function sumInTurn(calls: readonly (() => Promise<number>)[]): Promise<number> {
  let sum = 0;
  for (const call of calls) sum += await call();
  return sum;
}
