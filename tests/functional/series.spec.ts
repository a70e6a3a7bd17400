// Every week: the season of the judo club, with business time at 15 June 2026. // S52, S54, S55, S72, S73
import { expect, test } from '../support/fixtures.ts';
import { Stack } from '../support/stack.ts';
import { ask, hirer, searchQuery, type Weekly } from '../support/road.ts';
import type { Json } from '../support/client.ts';

const season: Weekly = {
  kind: 'weekly', weekdays: ['tue'], from: '2026-09-01', until: '2027-06-29', start_time: '18:00', end_time: '20:00',
  school_holidays: 'skip', public_holidays: 'skip',
};

test.describe('season', () => {
  let stack: Stack;
  test.beforeAll(async ({ engine }) => {
    test.setTimeout(120_000);
    stack = await Stack.start({ engine, now: '2026-06-15T10:00:00+02:00' });
  });
  test.afterAll(async () => stack?.end());

  test('search__every_tuesday_of_the_school_year__36_dates_and_three_planted_clashes', async () => {
    const client = await stack.client();
    const found = await client.get(searchQuery(season, { kind: 'gym', capacity: '60', near: 'Voiron' }));
    expect(found.status).toBe(200);
    expect(found.body.dates_total).toBe(36);
    expect(found.body.skipped.length).toBe(8);
    expect(found.body.full_count).toBeGreaterThanOrEqual(3);
    const garenne = found.body.items.find((i: Json) => i.establishment_name.includes('Garenne'));
    expect(garenne.free_dates).toBe(33);
    expect(garenne.problems.map((p: Json) => p.state).sort()).toEqual(['closed', 'taken', 'taken']);
    expect(garenne.strip).toHaveLength(36);
    expect(found.body.other_weekdays).toHaveLength(7);
    // The rooms that are free on all dates come first.
    expect(found.body.items[0].free_dates).toBe(36);
  });

  test('booking__series_with_clashes__fails_whole_or_skips_as_asked', async () => {
    const club = await hirer(stack);
    const found = await club.client.get(searchQuery(season, { kind: 'gym', capacity: '60', near: 'Voiron' }));
    const garenne = found.body.items.find((i: Json) => i.establishment_name.includes('Garenne'));
    const offer = garenne.offer.offer_id as string;

    const whole = await ask(club, { offer, when: season, headcount: 25, onConflict: 'fail' });
    expect(whole.status).toBe(409);
    expect(whole.body.code).toBe('overlap');
    expect(whole.body.conflicts.map((c: Json) => c.date).sort())
      .toEqual(garenne.problems.map((p: Json) => p.date).sort());
    const mine = await club.client.get(`/api/booking/v1/bookings?organisation_id=${club.organisation}&limit=100`);
    const before = mine.body.items.length as number;

    const skipping = await ask(club, { offer, when: season, headcount: 25, onConflict: 'skip' });
    expect(skipping.status).toBe(201);
    const occurrences = skipping.body.occurrences as Json[];
    const planned = occurrences.filter((o) => o.state === 'planned');
    const skipped = occurrences.filter((o) => o.state === 'skipped');
    expect(planned).toHaveLength(33);
    expect(skipped).toHaveLength(3);
    expect(skipped.every((o) => o.reason)).toBe(true);
    const after = await club.client.get(`/api/booking/v1/bookings?organisation_id=${club.organisation}&limit=100`);
    expect(after.body.items.length).toBe(before + 1);

    // 18:00 stays 18:00 on the wall across both clock changes.
    const instantOf = (date: string): string => planned.find((o) => o.slot.date === date)?.slot.start;
    expect(planned.every((o) => o.slot.start_time === '18:00' && o.slot.end_time === '20:00')).toBe(true);
    const dates = planned.map((o) => o.slot.date as string);
    for (const [date, offset] of [['2026-10-13', '+02:00'], ['2026-11-03', '+01:00'], ['2027-03-23', '+01:00'], ['2027-03-30', '+02:00']] as const) {
      if (dates.includes(date)) expect(instantOf(date)).toBe(`${date}T18:00:00${offset}`);
    }
  });

  test('booking__series_beyond_the_published_calendar__is_refused', async () => {
    const club = await hirer(stack);
    const found = await club.client.get(searchQuery(season, { kind: 'gym', near: 'Voiron' }));
    const beyond = { ...season, from: '2028-06-20', until: '2028-09-30' };
    const answer = await ask(club, { offer: found.body.items[0].offer.offer_id, when: beyond });
    expect(answer.status).toBe(422);
    expect(['calendar_unknown', 'beyond_horizon']).toContain(answer.body.code);
  });
});
