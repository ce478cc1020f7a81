// fraud: scores a payment. Its own work is all it does, so whatever is slow or broken here is fraud's own.
import { runService } from '../kit/run-service.ts';
import { slowWork, work } from '../kit/service-time.ts';

class ModelUnavailableError extends Error {
  override readonly name = 'ModelUnavailableError';
}

await runService('fraud', ({ settings }) => ({
  routes: (app) => {
    app.post('/score', async (_request, response) => {
      const { scoreMs, slow, brokenShare } = settings().fraud;
      await work(scoreMs);
      if (Math.random() < brokenShare) throw new ModelUnavailableError('the scoring model could not be loaded');
      await slowWork(slow);
      response.json({ score: Math.random() });
    });
  },
}));
