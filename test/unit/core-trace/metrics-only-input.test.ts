// Series beside a call graph: what belongs to which node, and what is missing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Series } from '../../../src/core/model/series.ts';
import { unixMillis } from '../../../src/core/model/units.ts';
import { blameByMetrics } from '../../../src/core/trace/metrics/metrics-only.ts';
import { metricsOnlyInput } from '../../../src/core/trace/metrics/metrics-only-input.ts';

function series(labels: Readonly<Record<string, string>>, values: readonly number[]): Series {
  return { labels, times: values.map((_, at) => unixMillis(60_000 * at)), values };
}

const graph = { gateway: ['checkout'], checkout: ['payments'] };
const normal = ['gateway', 'checkout', 'payments'].map((service, at) =>
  series(
    { service, __name__: 'latency' },
    [9, 10, 11, 10].map((value) => value * (3 - at)),
  ),
);
const broken = [
  series({ service: 'gateway', __name__: 'latency' }, [130, 131]),
  series({ service_name: 'checkout', __name__: 'latency' }, [120, 121]),
  series({ job: 'payments', __name__: 'latency' }, [110, 111]),
  series({ service: 'gateway', __name__: 'requests' }, [60, 60]),
];

test('the deepest node that is slow by itself comes first', () => {
  const input = metricsOnlyInput({ graph, target: 'gateway', broken, normal });
  assert.ok(input.ok);
  assert.equal(blameByMetrics(input.value)[0]?.node, 'payments');
});

test('an unknown target, two measures and series of nobody are told', () => {
  const told = (fields: Partial<Parameters<typeof metricsOnlyInput>[0]>): string => {
    const input = metricsOnlyInput({ graph, target: 'gateway', broken, normal, ...fields });
    return input.ok ? '' : input.error;
  };
  assert.match(told({ target: 'gatway' }), /no "gatway"; it has checkout, gateway, payments/);
  assert.match(
    told({ broken: [...broken, series({ service: 'gateway', __name__: 'errors' }, [1])] }),
    /errors, latency/,
  );
  assert.match(told({ broken: [series({ pod: 'gateway' }, [1])] }), /no series names a node/);
});
