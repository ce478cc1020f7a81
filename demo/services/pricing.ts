// pricing: prices departments, and applies promotions, taxes and shipping. Under `cpu` the promotion search burns the event loop.
import type { RequestHandler } from 'express';
import type { BasketLine } from '../kit/basket.ts';
import { runService } from '../kit/run-service.ts';
import { busyLoop, work } from '../kit/service-time.ts';

const PRICE_PER_ITEM = 2.5;

await runService('pricing', ({ settings }) => {
  const priceRule: RequestHandler = async (request, response) => {
    const { lines = [] } = (request.body ?? {}) as { lines?: readonly BasketLine[] };
    await work(settings().pricing.ruleMs);
    const items = lines.reduce((sum, line) => sum + line.quantity, 0);
    response.json({ amount: items * PRICE_PER_ITEM });
  };

  const promotions: RequestHandler = (request, response, next) => {
    const { busyMs, busyShare } = settings().pricing;
    if (Math.random() < busyShare) busyLoop(busyMs);
    return priceRule(request, response, next);
  };

  return {
    routes: (app) => {
      app.post('/departments/:department/quotes', priceRule);
      app.post('/promotions', promotions);
      app.post('/taxes', priceRule);
      app.post('/shipping', priceRule);
    },
  };
});
