// payments: asks fraud for a score, then has the bank charge the card.
import { randomUUID } from 'node:crypto';
import { runService } from '../kit/run-service.ts';

await runService('payments', ({ settings, peer }) => ({
  routes: (app) => {
    app.post('/payments', async (request, response) => {
      const { orderId, amount } = request.body as { orderId: string; amount: number };
      const { score } = await peer('fraud').call<{ score: number }>({
        method: 'POST',
        path: '/score',
        body: { orderId, amount },
        policy: settings().payments.fraud,
      });
      const { receipt } = await peer('bank').call<{ receipt: string }>({
        method: 'POST',
        path: '/charge',
        body: { orderId, amount, score },
        policy: settings().payments.bank,
      });
      response.status(201).json({ paymentId: randomUUID(), receipt });
    });
  },
}));
