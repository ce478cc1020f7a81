// The environment variables by which slos/checkout.yaml finds a running shop.
import type { OwnService } from './kit/service-names.ts';
import type { Shop } from './start-shop.ts';

/** `SHOP_URL`, and `SHOP_METRICS_<SERVICE>` for every service with metrics. */
export function shopEnvironment({ gatewayUrl, metricsUrls }: Shop): Readonly<Record<string, string>> {
  const services = Object.keys(metricsUrls) as OwnService[];
  return Object.fromEntries([
    ['SHOP_URL', gatewayUrl],
    ...services.map((service) => [`SHOP_METRICS_${service.toUpperCase()}`, metricsUrls[service]]),
  ]) as Record<string, string>;
}
