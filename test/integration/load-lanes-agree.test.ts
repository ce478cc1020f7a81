// The fast lane's framing against the general lane's (llhttp): the same replies, cut at every byte, must mean the same.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createRandom } from '../../src/core/load/random.ts';
import { type LaneOutcome, type LaneUnderTest, openLane } from '../support/load-lanes.ts';
import { type RawReply, randomReply, replies } from '../support/load-replies.ts';
import { type RawHttpServer, startRawServer } from '../support/raw-http-server.ts';

const CONNECTIONS = 64;
/** Long heads are cut around their interesting ends only. */
const MOST_CUTS = 400;
const RANDOM_REPLIES = 120;

/** Where the library is stricter than RFC 9112: the fast lane takes the reply, as the RFC says. */
const except: Readonly<Record<string, string>> = {
  '100 before 200':
    'undici refuses a 100 that nobody asked for; a client must be able to skip any 1xx (RFC 9110, 15.2)',
  'blanks and tabs around a value':
    'undici takes a tab after Content-Length for a part of it; it is optional white space (RFC 9110, 5.6.3)',
};

const random = createRandom(20_260);
const corpus: readonly RawReply[] = [...replies, ...Array.from({ length: RANDOM_REPLIES }, () => randomReply(random))];

describe('the two lanes', { timeout: 170_000 }, () => {
  let server: RawHttpServer;
  let lanes: readonly LaneUnderTest[];
  let compared = 0;

  before(async () => {
    server = await startRawServer((head) => {
      const [, index, cut] = /^[A-Z]+ \/(\d+)\/(\d+|whole) /.exec(head) ?? [];
      const reply = corpus[Number(index)] as RawReply;
      return { bytes: reply.bytes, closes: reply.closes, ...(cut === 'whole' ? {} : { cut: Number(cut) }) };
    });
    lanes = [openLane('fast', server.url, CONNECTIONS), openLane('general', server.url, CONNECTIONS)];
  });

  after(async () => {
    for (const lane of lanes) lane.close();
    await server.stop();
  });

  const bothMean = async (index: number, cut: string): Promise<readonly LaneOutcome[]> =>
    Promise.all(lanes.map((lane) => lane.send((corpus[index] as RawReply).method, `/${index}/${cut}`)));

  for (const [index, reply] of corpus.entries()) {
    const reason = except[reply.name];
    it(`${reason === undefined ? 'agree' : 'differ only as stated'} on ${reply.name}, whole and cut at every byte`, async () => {
      const cuts = Array.from({ length: reply.bytes.length + 1 }, (_, cut) => cut).filter(
        (cut) => cut < MOST_CUTS / 2 || cut > reply.bytes.length - MOST_CUTS / 2,
      );
      const whole = await bothMean(index, 'whole');
      if (reason === undefined) assert.deepEqual(comparable(whole[0]), comparable(whole[1]), 'whole');
      else assert.deepEqual([whole[0]?.status, whole[1]?.failure !== undefined], [200, true], reason);
      const outcomes = await Promise.all(cuts.map((cut) => bothMean(index, `${cut}`)));
      for (const [at, [fast, general]] of outcomes.entries()) {
        if (reason === undefined) assert.deepEqual(comparable(fast), comparable(general), `cut at byte ${cuts[at]}`);
        assert.deepEqual(comparable(fast), comparable(whole[0]), `cut at byte ${cuts[at]} against whole`);
        compared += 1;
      }
    });
  }

  it('have compared something', (t) => {
    t.diagnostic(
      `inputs: ${corpus.length} replies, ${compared} cuts of them, ${Object.keys(except).length} exceptions that the test names`,
    );
    assert.ok(compared > 1000);
  });
});

/** Messages differ, and undici gives fields of one name together: what a request means is compared. */
function comparable(outcome: LaneOutcome | undefined): unknown {
  assert.ok(outcome);
  const { status, failure, headers, body } = outcome;
  if (failure !== undefined) return { failure };
  const fields: string[] = [];
  for (let i = 0; i < headers.length; i += 2) fields.push(`${headers[i]}: ${headers[i + 1]}`);
  return { status, body, headers: fields.toSorted() };
}
