// The guarantee: whatever runs together, exactly one wins. 200 rounds of each duel in the long lane;
// CI runs PREAU_RACE_ROUNDS of them (see scripts/test). The negative control runs the same duel with
// the guard taken apart and must see double bookings: it proves that the test can fail.
import { expect, test } from '../support/fixtures.ts';
import { Stack } from '../support/stack.ts';
import { ask, dayAfter, evening, hirers, type Hirer, type Single } from '../support/road.ts';
import type { Json } from '../support/client.ts';

const rounds = Number(process.env['PREAU_RACE_ROUNDS'] ?? '200');
const clients = 16;

interface Ground {
  clubs: Hirer[];
  whole: string;
  part: string;
}

const duels = 3;
const gymsMax = 8; // of each duel; CI's rounds fit into the first

/** Divisible gyms, every third one (each duel has its own), and sixteen associations. */
async function grounds(stack: Stack, nth: number): Promise<Ground[]> {
  const clubs = await hirers(stack, clients);
  const query = new URLSearchParams({ kind: 'gym', limit: '100', date: dayAfter(stack.businessNow(), 20, 2),
    start_time: '18:00', end_time: '20:00' });
  const list = await clubs[0]!.client.get(`/api/search/v1/search?${query}`);
  const mine = list.body.items.filter((_: Json, i: number) => i % duels === nth).slice(0, gymsMax);
  const out: Ground[] = [];
  for (const { space_id: space } of mine) {
    const gym = (await clubs[0]!.client.get(`/api/inventory/v1/spaces/${space}`)).body;
    const byParts = [...gym.offers].sort((a: Json, b: Json) => b.part_ids.length - a.part_ids.length);
    out.push({ clubs, whole: byParts[0].offer_id, part: byParts.at(-1).offer_id });
  }
  return out;
}

type Pick = (g: Ground, date: string, client: number) => { offer: string; when: Single };

/**
 * Rounds of sixteen requests released together, each round on a day whose evening is wholly free
 * before. Gives the number of winners of each round, and what was neither won nor a plain refusal.
 */
async function duel(stack: Stack, nth: number, pick: Pick, wanted: number): Promise<{ winners: number[]; other: string[] }> {
  const score = { winners: [] as number[], other: [] as string[] };
  const first = stack.businessNow().getTime() + 25 * 86_400_000;
  const days = 500;
  const gyms = await grounds(stack, nth);
  for (let n = 0; score.winners.length < wanted && n < gyms.length * days; n++) {
    const g = gyms[Math.floor(n / days)]!;
    const day = n % days;
    const date = new Date(first + day * 86_400_000).toISOString().slice(0, 10);
    const quote = await g.clubs[0]!.client.post('/api/booking/v1/quotes', {
      organisation_id: g.clubs[0]!.organisation, offer_id: g.whole, when: evening(date, '18:00', '21:00') });
    if (quote.body.dates?.[0]?.state !== 'free') continue; // closed that day, or taken before
    const answers = await Promise.all(g.clubs.map((club, client) => ask(club, pick(g, date, client))));
    score.winners.push(answers.filter((a) => a.status === 201).length);
    for (const a of answers) {
      if (a.status !== 201 && !(a.status === 409 && a.body.code === 'overlap')) {
        score.other.push(`${date}: ${a.status} ${JSON.stringify(a.body)}`);
      }
    }
  }
  return score;
}

const sameSlot: Pick = (g, date) => ({ offer: g.part, when: evening(date, '18:00', '20:00') });
const partlyOverlapping: Pick = (g, date, client) =>
  ({ offer: g.part, when: client % 2 ? evening(date, '18:00', '20:00') : evening(date, '19:00', '21:00') });
const wholeAgainstPart: Pick = (g, date, client) =>
  ({ offer: client % 2 ? g.whole : g.part, when: evening(date, '18:00', '20:00') });

test.describe('race', () => {
  test.setTimeout(1_800_000);

  for (const [nth, name, pick] of [
    [0, 'sixteen_clients_one_slot', sameSlot], // S13, S15
    [1, 'partly_overlapping_slots', partlyOverlapping], // S14
    [2, 'whole_gym_against_a_part', wholeAgainstPart], // S33
  ] as const) {
    test(`race__${name}__exactly_one_wins`, async ({ stack }) => {
      const score = await duel(stack, nth, pick, rounds);
      expect(score.other).toEqual([]);
      expect(score.winners).toEqual(Array(rounds).fill(1));
    });
  }

  // S16
  test('race__guard_taken_apart__the_same_duel_sees_double_bookings', async ({ engine }) => {
    const unsafe = engine === 'mariadb' ? 'no_bump,no_key' : 'no_key,no_check';
    const stack = await Stack.start({ engine,
      env: { PREAU_TEST_UNSAFE_GUARD: unsafe },
      settings: { 'booking.live_requests_max': 100_000 } });
    try {
      const score = await duel(stack, 0, sameSlot, Math.min(rounds, 30));
      expect(score.winners.some((winners) => winners > 1)).toBe(true);
    } finally {
      await stack.end();
    }
  });
});
