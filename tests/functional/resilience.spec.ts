// Nothing acknowledged is lost and nothing is there twice, whatever ends when.
import { randomUUID } from 'node:crypto';
import { expect, test } from '../support/fixtures.ts';
import { dayAfter, evening, hirers, searchQuery, until, type Hirer } from '../support/road.ts';
import type { Json } from '../support/client.ts';
import type { Service, Stack } from '../support/stack.ts';

interface Attempt {
  key: string;
  body: Json;
  by: Hirer;
  status: number; // 0: no answer
  id: string;
}

/** Requests that differ in room and date, so that each could be won. */
async function attempts(stack: Stack, clubs: Hirer[], count: number, from: number): Promise<Attempt[]> {
  const first = clubs[0]!;
  const date = (n: number): string => dayAfter(stack.businessNow(), from + n, 6);
  const rooms = (await first.client.get(searchQuery(evening(date(0), '09:00', '11:00'), { kind: 'classroom', limit: '100' }))).body.items;
  const offer = rooms[0].offer.offer_id as string;
  const quote = await first.client.post('/api/booking/v1/quotes', {
    organisation_id: first.organisation, offer_id: offer, when: evening(date(0), '09:00', '11:00') });
  return Array.from({ length: count }, (_, n) => ({
    key: randomUUID(),
    by: clubs[n % clubs.length]!,
    status: 0,
    id: '',
    body: {
      organisation_id: clubs[n % clubs.length]!.organisation,
      offer_id: rooms[n % rooms.length].offer.offer_id,
      when: evening(date(Math.floor(n / rooms.length) * 7), '09:00', '11:00'),
      purpose: `Essai ${n}`, headcount: 5, terms_version: quote.body.terms.version, terms_accepted: true, on_conflict: 'fail',
    },
  }));
}

async function send(attempt: Attempt): Promise<void> {
  try {
    const answer = await attempt.by.client.post('/api/booking/v1/bookings', attempt.body, attempt.key);
    attempt.status = answer.status;
    attempt.id = answer.body?.id ?? '';
  } catch {
    attempt.status = 0;
  }
}

/** Bookings of the clubs by purpose: more than one means that something is there twice. */
async function counted(clubs: Hirer[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const club of clubs) {
    let after = '';
    do {
      const page = await club.client.get(`/api/booking/v1/bookings?organisation_id=${club.organisation}&limit=100${after && `&after=${encodeURIComponent(after)}`}`);
      for (const item of page.body.items) counts.set(item.purpose, (counts.get(item.purpose) ?? 0) + 1);
      after = page.body.next ?? '';
    } while (after);
  }
  return counts;
}

test('resilience__kill_9_at_20_points_of_the_road__nothing_lost_nothing_twice', async ({ stack }) => {
  test.setTimeout(420_000);
  const clubs = await hirers(stack, 8);
  const victims: Service[] = ['booking', 'gateway', 'booking', 'accounts', 'inventory'];
  const points = 20;
  const perPoint = 12;
  const all = await attempts(stack, clubs, points * perPoint, 70);
  for (let point = 0; point < points; point++) {
    const victim = victims[point % victims.length]!;
    const batch = all.slice(point * perPoint, (point + 1) * perPoint);
    const sending = Promise.all(batch.map(async (attempt, n) => {
      await new Promise((resume) => setTimeout(resume, n * 6));
      await send(attempt);
    }));
    await new Promise((resume) => setTimeout(resume, 5 + point * 6));
    await stack.kill(victim);
    await sending;
    await stack.startServices(victim);
    // What got no final answer is sent again with the same key: the first effect, or a first one now.
    for (const attempt of batch) {
      if (attempt.status === 0 || attempt.status >= 500 || attempt.status === 401) {
        await until(`an answer after the kill of ${victim}`, async () => {
          await send(attempt);
          return attempt.status !== 0 && attempt.status < 500 && attempt.status !== 401;
        });
      }
    }
  }
  const counts = await counted(clubs);
  for (const attempt of all) {
    if (attempt.status === 201) expect(counts.get(attempt.body.purpose), attempt.body.purpose).toBe(1);
    else expect(counts.get(attempt.body.purpose) ?? 0, `${attempt.body.purpose}: ${attempt.status}`).toBe(0);
  }
  expect(all.filter((a) => a.status === 201).length).toBeGreaterThan(all.length / 2);
});

test('resilience__sigterm_under_load__no_accepted_request_fails', async ({ stack }) => {
  test.setTimeout(120_000);
  for (const victim of ['search', 'gateway'] as Service[]) {
    const url = stack.url(victim);
    const query = searchQuery(evening(dayAfter(stack.businessNow(), 30, 2)), { kind: 'gym', near: 'Voiron' });
    const path = victim === 'search' ? query.replace('/api/search', '') : query;
    const faults: string[] = [];
    let answered = 0;
    let refused = 0;
    let going = true;
    const clients = Array.from({ length: 8 }, async () => {
      while (going) {
        try {
          const response = await fetch(url + path, { signal: AbortSignal.timeout(15_000) });
          await response.text();
          if (response.status === 200) answered++;
          else faults.push(`status ${response.status}`);
        } catch (error) {
          // Refused at the door is not accepted; anything else is a request that was cut off.
          const cause = (error as { cause?: { code?: string } }).cause?.code ?? String(error);
          if (cause === 'ECONNREFUSED') {
            refused++;
            await new Promise((resume) => setTimeout(resume, 5));
          } else {
            faults.push(cause);
          }
        }
      }
    });
    await new Promise((resume) => setTimeout(resume, 500));
    await stack.stopServices(victim);
    await new Promise((resume) => setTimeout(resume, 200)); // the door stays shut
    going = false;
    await Promise.all(clients);
    await stack.startServices(victim);
    expect(faults, victim).toEqual([]);
    expect(answered).toBeGreaterThan(50);
    expect(refused).toBeGreaterThan(0);
  }
});
