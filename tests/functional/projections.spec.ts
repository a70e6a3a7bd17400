// Feeds and snapshots: search and booking follow inventory, search follows booking; services are
// killed and restarted while facts move, and the projections agree with their owners again.
import { expect, test } from '../support/fixtures.ts';
import { ask, dayAfter, decide, evening, freeRoom, hirer, searchQuery, until } from '../support/road.ts';
import type { Json } from '../support/client.ts';
import type { Service } from '../support/stack.ts';

test('projection__room_is_unpublished__search_and_booking_follow', async ({ stack }) => {
  const manager = await stack.client('manager_all');
  const club = await hirer(stack);
  const room = await freeRoom(stack, club.client, 'auditorium', 3);
  const query = searchQuery(room.when, { kind: 'auditorium', limit: '100' });
  const path = `/api/inventory/v1/spaces/${room.space}`;
  const listed = async (): Promise<boolean> =>
    (await club.client.get(query)).body.items.some((i: Json) => i.space_id === room.space);

  const patch = async (published: boolean): Promise<void> => {
    const { version } = (await manager.get(path)).body;
    const answer = await manager.send('PATCH', path, { published, version }, { 'Idempotency-Key': `publish-${published}-${Date.now()}` });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  };
  await patch(false);
  await until('search drops the room', async () => !(await listed()));
  await until('booking refuses the room', async () => {
    const answer = await ask(club, { offer: room.offer, when: room.when });
    return answer.status !== 201 && answer;
  });
  await patch(true);
  await until('search shows the room again', listed);
});

/** What search says of every whole gym on the coming Saturdays, as one comparable text. */
async function picture(stack: { client: () => Promise<Json> }, dates: string[]): Promise<string> {
  const client = await stack.client();
  const rows: string[] = [];
  for (const date of dates) {
    const answer = await client.get(searchQuery(evening(date, '10:00', '12:00'), { kind: 'gym', capacity: '60', limit: '100' }));
    for (const i of answer.body.items) rows.push(`${date} ${i.space_id} ${i.offer.offer_id} ${i.strip}`);
  }
  return rows.sort().join('\n');
}

test('projection__each_service_killed_while_facts_move__agrees_with_its_owner_again', async ({ stack }) => {
  test.setTimeout(240_000);
  const club = await hirer(stack);
  const manager = await stack.client('manager_all');
  const accepted: string[] = [];
  // Saturdays between the eighth week and the end of the year; a busy one comes round again.
  let step = 0;
  let last = 'nothing was tried';
  for (const victim of ['search', 'booking', 'inventory', 'accounts', 'gateway'] as Service[]) {
    // Facts move until the kill, during the outage where the road allows it, and after it.
    let moving = true;
    const move = (async (): Promise<void> => {
      while (moving) {
        const when = evening(dayAfter(stack.businessNow(), 55 + (7 * step++) % 210, 6), '10:00', '12:00');
        try {
          const found = (await club.client.get(searchQuery(when, { kind: 'gym', capacity: '60', limit: '30' }))).body.items;
          if (!found) throw new Error('search is down');
          const offer = found.find((i: Json) => i.strip === 'f')?.offer.offer_id;
          if (!offer) throw new Error(`no gym is free on ${when.date}`);
          const sent = await ask(club, { offer, when });
          if (sent.status !== 201) throw new Error(`asked: ${sent.status} ${JSON.stringify(sent.body)}`);
          const answer = await decide(manager, sent.body.id, 'accept');
          if (answer.status !== 200) throw new Error(`accept: ${answer.status} ${JSON.stringify(answer.body)}`);
          accepted.push(sent.body.id);
        } catch (error) {
          last = String(error);
          await new Promise((resume) => setTimeout(resume, 50)); // the victim is down: expected
        }
      }
    })();
    const more = async (moment: string): Promise<void> => {
      const before = accepted.length;
      await until(`facts to move ${moment} ${victim} ended`, async () => accepted.length > before, 30_000)
        .catch((error: unknown) => { throw new Error(`${String(error)}; last: ${last}`); });
    };
    await more('before');
    await stack.kill(victim);
    await new Promise((resume) => setTimeout(resume, 400));
    await stack.startServices(victim);
    await more('after');
    moving = false;
    await move;
  }
  for (const id of accepted) {
    const answer = await club.client.get(`/api/booking/v1/bookings/${id}`);
    expect(['accepted', 'confirmed'], id).toContain(answer.body.state);
  }
  // A search index read anew from snapshots is the truth; the one that followed must equal it.
  const dates = Array.from({ length: 20 }, (_, n) => dayAfter(stack.businessNow(), 55 + 7 * n, 6));
  await new Promise((resume) => setTimeout(resume, 2_500)); // undo windows end, feeds drain
  const followed = await picture(stack, dates);
  await stack.kill('search');
  await stack.startServices('search');
  expect(await picture(stack, dates)).toBe(followed);
  expect(followed).toContain(' t');
});
