import assert from 'node:assert/strict';
import { test } from 'node:test';
import { htmlReport, runSlot } from '../../../src/report/html.ts';
import { brokenCheckoutRun, examplePlan, runWith } from '../../support/run-builder.ts';

const template = `<!doctype html><html><head><title>Faultline</title>${runSlot}</head><body><script>let a = '$&';</script></body></html>`;

const dataOf = (page: string): unknown =>
  JSON.parse(/id="faultline-run" type="application\/json">([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '');

test('the page holds the run as it was, without the distributions kept for baselines', () => {
  const histogram = { buckets: [1], counts: [1], count: 1, sum: 1, min: 1, max: 1 };
  const run = brokenCheckoutRun({ baselines: [{ requirement: 'CHK-01', value: 412, samples: 48_013, histogram }] });
  const data = dataOf(htmlReport(template, run, { trace: 'https://t.example/{traceId}' }));
  assert.deepEqual(data, {
    run: { ...run, baselines: [{ requirement: 'CHK-01', value: 412, samples: 48_013 }] },
    links: { trace: 'https://t.example/{traceId}' },
  });
});

test('nothing in the run can leave its element, whatever it holds', () => {
  const evil = '</script><script>alert(1)</script><!-- <script> \u2028\u2029 $& $1 ]]>';
  const page = htmlReport(template, runWith({ message: evil, plan: { ...examplePlan, verification: evil } }));
  assert.equal(page.match(/<script/g)?.length, 2);
  assert.equal(page.match(/<\/script/g)?.length, 2);
  assert.doesNotMatch(page, /[\u2028\u2029]|<!--/);
  assert.equal((dataOf(page) as { run: { message: string } }).run.message, evil);
  assert.match(page, /let a = '\$&';/);
  assert.match(page, /<title>pass: &lt;\/script&gt;/);
});

test('a template that is not ours is refused', () => {
  assert.throws(() => htmlReport('<html></html>', runWith()), /npm run build:web/);
});
