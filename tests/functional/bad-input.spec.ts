// Bad input: each gets a clear problem+json that names the field, and nothing is half stored.
import { expect, test } from '../support/fixtures.ts';
import { ask, dayAfter, evening, freeRoom, hirer, searchQuery } from '../support/road.ts';
import type { Answer, Json } from '../support/client.ts';

function expectProblem(answer: Answer, status: number | number[], code: string | string[], pointer?: string): void {
  expect([status].flat(), JSON.stringify(answer.body)).toContain(answer.status);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect([code].flat()).toContain(answer.body.code);
  if (pointer) {
    expect(answer.body.errors.map((e: { pointer: string }) => e.pointer).join(' ')).toContain(pointer);
  }
}

test('search__unknown_commune__names_the_field_and_suggests', async ({ stack }) => {
  const client = await stack.client();
  const when = evening(dayAfter(stack.businessNow(), 10, 2));
  const answer = await client.get(searchQuery(when, { near: 'Voirom' }));
  expectProblem(answer, 422, 'unknown_place', '/query/near');
  expect(answer.body.suggestions.map((s: Json) => s.name)).toContain('Voiron');
});

// S06, S143
test('search__impossible_questions__are_refused_by_field', async ({ stack }) => {
  const client = await stack.client();
  const cases: Array<[string, string]> = [
    ['date=2026-02-30&start_time=18:00&end_time=20:00', '/query/date'],
    ['date=9999-12-01&start_time=18:00&end_time=20:00', '/query/date'],
    ['date=2026-12-01&start_time=25:00&end_time=26:00', '/query/start_time'],
    ['date=2026-12-01&start_time=18:00&end_time=18:00', '/query/end_time'],
    ['date=2026-12-01&start_time=20:00&end_time=18:00', '/query/end_time'],
    ['date=2026-12-01&start_time=18:00&end_time=20:00&capacity=-3', '/query/capacity'],
    ['date=2026-12-01&start_time=18:00&end_time=20:00&kind=castle', '/query/kind'],
    ['date=2026-12-01&start_time=18:00&end_time=20:00&after=xyz', '/query/after'],
    ['weekdays=tue&from=2027-06-01&until=2026-09-01&start_time=18:00&end_time=20:00', '/query/until'],
    ['weekdays=noday&from=2026-12-01&until=2027-02-01&start_time=18:00&end_time=20:00', '/query/weekdays'],
    [`date=2026-12-01&start_time=18:00&end_time=20:00&near=${'x'.repeat(1_500)}`, '/query/near'],
  ];
  for (const [query, pointer] of cases) {
    const answer = await client.get(`/api/search/v1/search?${query}`);
    expect(answer.status, query).toBe(422);
    expect(answer.body.errors?.map((e: Json) => e.pointer), query).toContain(pointer);
  }
  // S143: 10 kB reach the reader, who names the field; beyond 12 kB nobody reads on.
  const long = await client.get(`/api/search/v1/search?near=${'x'.repeat(10_000)}`);
  expect([long.status, long.body.errors?.[0].pointer]).toEqual([422, '/query/near']);
  const unheard = await client.get(`/api/search/v1/search?date=2026-12-01&start_time=18:00&end_time=20:00&unheard=${'x'.repeat(10_000)}`);
  expect([unheard.status, unheard.body.errors?.[0].pointer]).toEqual([422, '/query/unheard']);
  const huge = await client.get(`/api/search/v1/search?near=${'x'.repeat(13_000)}`);
  expect(huge.status).toBe(414);
});

test('search__series_beyond_the_published_calendar__is_refused', async ({ stack }) => {
  const client = await stack.client();
  const year = stack.businessNow().getUTCFullYear();
  const answer = await client.get(searchQuery({
    kind: 'weekly', weekdays: ['tue'], from: `${year + 2}-06-01`, until: `${year + 2}-12-15`,
    start_time: '18:00', end_time: '20:00', school_holidays: 'skip', public_holidays: 'skip' }));
  expectProblem(answer, 422, ['calendar_unknown', 'beyond_horizon']);
});

// S02, S07, S08, S49, S50, S92
test('booking__requests_that_could_never_be_right__name_the_field', async ({ stack }) => {
  const club = await hirer(stack);
  const { offer, when: free } = await freeRoom(stack, club.client, 'classroom', 4);
  const { date } = free;
  const before = (await club.client.get(`/api/booking/v1/bookings?organisation_id=${club.organisation}&limit=100`)).body.items.length;

  expectProblem(await ask(club, { offer, when: evening(date, '18:10', '19:10') }), 422, 'invalid_start', '/when/start_time');
  expectProblem(await ask(club, { offer, when: evening(date, '18:00', '18:15') }), 422, 'invalid_duration');
  expectProblem(await ask(club, { offer, when: evening(date, '20:00', '18:00') }), 422, ['invalid', 'invalid_interval'], '/when');
  expectProblem(await ask(club, { offer, when: evening(date), headcount: 4_000 }), 422, 'capacity', '/headcount');
  expectProblem(await ask(club, { offer, when: evening(date), headcount: -1 }), 422, 'invalid', '/headcount');
  expectProblem(await ask(club, { offer, when: evening('2020-01-07') }), 422, ['past_start', 'invalid'], '/when');
  expectProblem(await ask(club, { offer, when: evening(date, '03:00', '05:00') }), [409, 422], 'closed');
  expectProblem(await ask(club, { offer: '01HZZZZZZZZZZZZZZZZZZZZZZZ', when: evening(date) }), [404, 422], ['not_found', 'not_bookable']);
  expectProblem(await ask(club, { offer, when: evening(date), purpose: 'x'.repeat(5_000) }), 422, 'invalid', '/purpose');

  const after = (await club.client.get(`/api/booking/v1/bookings?organisation_id=${club.organisation}&limit=100`)).body.items.length;
  expect(after).toBe(before);
});

// S25, S28
test('booking__second_click__is_one_booking', async ({ stack }) => {
  const club = await hirer(stack);
  const { offer, when } = await freeRoom(stack, club.client, 'classroom', 4);
  const what = { offer, when, purpose: 'Double clic', key: 'double-click-1' };
  const [one, two] = await Promise.all([ask(club, what), ask(club, what)]);
  const created = [one, two].filter((a) => a.status === 201);
  expect(created.length).toBeGreaterThanOrEqual(1);
  const replay = await ask(club, what);
  expect(replay.status).toBe(201);
  expect(replay.body.id).toBe(created[0]!.body.id);
  const other = await ask(club, { ...what, purpose: 'Autre corps' });
  expectProblem(other, 422, 'idempotency_mismatch');
  const otherKey = await ask(club, { ...what, key: 'double-click-2' });
  expectProblem(otherKey, 409, ['duplicate', 'overlap']);
});

test('booking__stale_page__is_told_the_current_state', async ({ stack }) => {
  const club = await hirer(stack);
  const manager = await stack.client('manager_all');
  const { offer, when } = await freeRoom(stack, club.client, 'classroom', 4);
  const sent = await ask(club, { offer, when });
  const path = `/api/booking/v1/bookings/${sent.body.id}`;
  const withdrawn = await club.client.post(`${path}/withdraw`, { version: sent.body.version });
  expect(withdrawn.status).toBe(200);
  const late = await manager.post(`${path}/accept`, { version: sent.body.version });
  expectProblem(late, [409, 412], ['stale_version', 'already_decided', 'invalid_transition']);
});

test('edge__hostile_bodies__are_refused_and_the_service_lives', async ({ stack }) => {
  const club = await hirer(stack);
  const path = '/api/booking/v1/bookings';
  const key = { 'Idempotency-Key': 'hostile-body-1' };
  expectProblem(await club.client.send('POST', path, '{"a":', key), 400, 'bad_json');
  expectProblem(await club.client.send('POST', path, '['.repeat(20_000) + ']'.repeat(20_000), key), 400, 'bad_json');
  expectProblem(await club.client.send('POST', path, '{"purpose":1,"purpose":2}', key), 400, 'bad_json');
  expectProblem(await club.client.send('POST', path, JSON.stringify({ purpose: 'x'.repeat(1_000_000) }), key), 413, 'payload_too_large');
  expectProblem(await club.client.send('POST', path, { purpose: 'x' }), 400, 'idempotency_key_required');
  expectProblem(await club.client.get('/api/booking/events?after=0'), 404, 'not_found');
  expectProblem(await club.client.get('/api/booking/v1/bookings/../../snapshot'), [400, 404], ['bad_request', 'not_found']);
  expect((await club.client.get('/healthz')).status).toBe(200);
});
