// Search over HTTP: questions that leave a choice, what filters would find, the first free time, and what
// an index that lags says. Whatever is told as free, booking judges free too.
import { expect, withTown } from '../support/fixtures.ts';
import { ask, dayAfter, hirer, until } from '../support/road.ts';
import type { Json } from '../support/client.ts';

// It stops booking: a town of its own.
const test = withTown();

const search = (params: Record<string, string>): string => `/api/search/v1/search?${new URLSearchParams(params)}`;

/** Two hours anywhere in the evening, on a Tuesday or a Thursday, for seven weeks. */
const evenings = (now: Date): Record<string, string> => ({
  weekdays: 'tue,thu', any_weekday: '1', from: dayAfter(now, 40, 1), until: dayAfter(now, 85, 7),
  start_time: '17:00', end_time: '22:00', duration_min: '120', school_holidays: 'skip', public_holidays: 'skip' });

// S136, S137
test('search__choice_of_day_and_time__booking_judges_each_told_way_alike', async ({ town }) => {
  const club = await hirer(town);
  const found = await club.client.get(search({ ...evenings(town.businessNow()), near: 'Voiron', limit: '8', facets: '1' }));
  expect(found.status, JSON.stringify(found.body)).toBe(200);
  expect(found.body.items.length).toBe(8);
  for (const item of found.body.items) {
    expect(['tue', 'thu']).toContain(item.when.weekdays.join());
    const [start, end] = [item.when.start_time, item.when.end_time];
    expect(Number(end.slice(0, 2)) * 60 + Number(end.slice(3)) - Number(start.slice(0, 2)) * 60 - Number(start.slice(3))).toBe(120);
    const quote = await club.client.post('/api/booking/v1/quotes', {
      organisation_id: club.organisation, offer_id: item.offer.offer_id, when: item.when });
    expect(quote.status, JSON.stringify(quote.body)).toBeLessThan(300);
    expect(quote.body.free_count, item.slug).toBe(item.free_dates);
    expect(quote.body.total_count, item.slug).toBe(item.dates_total);
  }
  expect(found.body.facets.kinds.length).toBeGreaterThan(1);
});

// S136
test('search__facets__tell_what_the_next_question_finds', async ({ town }) => {
  const client = await town.client();
  const asked = { date: dayAfter(town.businessNow(), 60, 6), start_time: '10:00', end_time: '12:00', near: 'Voiron',
    radius_km: '15', capacity: '60', kind: 'polyvalente', step_free: '1' };
  const { facets } = (await client.get(search({ ...asked, facets: '1' }))).body;
  for (const one of facets.without) {
    const relaxed: Record<string, string> = { ...asked };
    if (one.filter === 'radius_km') relaxed.radius_km = String(one.radius_km);
    else delete relaxed[one.filter];
    const { body } = await client.get(search(relaxed));
    expect([one.filter, body.rooms_count, body.full_count]).toEqual([one.filter, one.rooms_count, one.full_count]);
  }
  expect(facets.without.map((one: Json) => one.filter).sort()).toEqual(['capacity', 'kind', 'radius_km', 'step_free']);
  const page = await client.get(`/recherche?${new URLSearchParams({ mode: 'single', ...asked, capacity: '4000' })}`);
  expect(page.status).toBe(200);
  expect(page.body).toMatch(/Sans «\s4000 personnes ou plus\s»/u);
});

// S143
test('search__contradictions__are_refused_by_field', async ({ town }) => {
  const client = await town.client();
  const day = { date: dayAfter(town.businessNow(), 30, 2), start_time: '18:00', end_time: '20:00' };
  const cases: Array<[Record<string, string>, string]> = [
    [{ ...day, duration_min: '180' }, '/query/duration_min'],
    [{ ...day, any_weekday: '1' }, '/query/any_weekday'],
    [{ ...day, near: 'Voiron', lat: '45.3', lon: '5.6' }, '/query/near'],
    [{ ...day, lat: '45.3' }, '/query/lon'],
    [{ ...day, radius_km: '10' }, '/query/radius_km'],
    [{ ...day, sort: 'distance' }, '/query/sort'],
    [{ ...day, equipment: 'organ' }, '/query/equipment'],
    [{ ...day, purpose: 'mischief' }, '/query/purpose'],
    [{ ...day, weekdays: 'tue', from: day.date, until: day.date }, '/query/date'],
  ];
  for (const [params, pointer] of cases) {
    const answer = await client.get(search(params));
    expect(answer.status, JSON.stringify(params)).toBe(422);
    expect(answer.body.errors.map((e: Json) => e.pointer), JSON.stringify(params)).toContain(pointer);
  }
  const first = await client.get(search({ ...day, limit: '5' }));
  const other = await client.get(search({ ...day, limit: '5', capacity: '20', after: first.body.next }));
  expect([other.status, other.body.errors[0].pointer]).toEqual([422, '/query/after']);
});

// S137
test('first_free__is_accepted_by_booking', async ({ town }) => {
  const club = await hirer(town);
  const now = town.businessNow();
  const rooms = (await club.client.get(search({ date: dayAfter(now, 45, 3), start_time: '18:00', end_time: '20:00', kind: 'classroom', limit: '3' }))).body.items;
  for (const room of rooms) {
    const first = await club.client.get(`/api/search/v1/spaces/${room.space_id}/first-free?offer_id=${room.offer.offer_id}&duration_min=120&start_time=17:00&from=${dayAfter(now, 45, 3)}`);
    expect(first.status).toBe(200);
    const { slot } = first.body;
    const sent = await ask(club, { offer: room.offer.offer_id, when: { kind: 'single', date: slot.date, start_time: slot.start_time, end_time: slot.end_time } });
    expect(sent.status, JSON.stringify(sent.body)).toBe(201);
  }
});

test('places__communes_and_colleges__are_suggested_in_any_spelling', async ({ town }) => {
  const client = await town.client();
  const { body } = await client.get('/api/search/v1/places?q=st+martin+d');
  expect(body.items.map((one: Json) => one.name)).toContain("Saint-Martin-d'Hères");
  const garenne = (await client.get('/api/search/v1/places?q=garenne')).body.colleges;
  expect(garenne.map((one: Json) => `${one.name}, ${one.commune_name}`)).toContain('Collège La Garenne, Voiron');
});

test('lag__beyond_ten_seconds__is_said_and_ends_when_facts_move_again', async ({ town }) => {
  test.setTimeout(120_000);
  const client = await town.client();
  const day = { date: dayAfter(town.businessNow(), 30, 2), start_time: '18:00', end_time: '20:00' };
  const stale = async (): Promise<boolean> => (await client.get(search(day))).body.as_of.stale === true;
  const page = async (): Promise<string> => (await client.get(`/recherche?${new URLSearchParams({ mode: 'single', ...day })}`)).body;
  expect(await stale()).toBe(false);
  expect(await page()).toContain('Disponibilités vérifiées à');
  await town.kill('booking');
  await until('search says that it lags', stale, 30_000);
  expect(await page()).toContain('les dernières réservations peuvent manquer');
  await town.startServices('booking');
  await until('search has caught up', async () => !(await stale()), 30_000);
});
