// The college's week and its closures in Chromium, with JavaScript and without: what is booked stands in
// the planning; a closure over it is first told with what it touches, then laid, then lifted.
import { expect, test } from '../support/fixtures.ts';
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.ts';
import { Person } from '../support/pages.ts';
import { ask, booking, decide, freeRoom, hirer, until } from '../support/road.ts';

for (const javaScriptEnabled of [true, false]) {
  const mode = javaScriptEnabled ? 'with_javascript' : 'without_javascript';

  // S10
  test(`planning__${mode}__shows_a_booking_and_a_closure_over_it`, async ({ browser, stack }) => {
    const club = await hirer(stack);
    const managers = await stack.client('manager_all');
    const room = await freeRoom(stack, club.client, 'polyvalente', 3);
    const sent = await ask(club, { offer: room.offer, when: room.when, headcount: 30 });
    await decide(managers, sent.body.id, 'accept');
    await until('confirmation', async () => (await booking(club.client, sent.body.id)).state === 'confirmed');
    const address = `etablissement=${room.establishment}`;

    const staff = stack.account('manager_all');
    const manager = await Person.open(browser, stack, { javaScriptEnabled });
    const { page } = manager;
    const look = async (): Promise<void> => {
      if (javaScriptEnabled) await expectAccessible(page);
      await expectNoSidewaysScroll(page);
    };
    await manager.signIn(staff.email, staff.password);
    await page.goto(`/gestion/planning?${address}&semaine=${room.when.date}`);
    const link = page.locator(`a[href="/gestion/a-traiter/${sent.body.id}"]`);
    const mine = page.locator('table.plan p.taken').filter({ has: link });
    await expect(mine).toContainText(/18\sh–20\sh.*30\spers\./su);
    await expect(page.locator('table.plan p.free').first()).toContainText('libre');
    await look();

    // Without force nothing happens, and what is touched is told.
    await page.getByRole('link', { name: 'Bloquer un créneau' }).click();
    await page.locator('#f-where').selectOption(`space:${room.space}`);
    await page.locator('#f-reason').fill('Neige');
    await page.locator('#f-from').fill(room.when.date);
    await page.getByRole('button', { name: 'Fermer' }).click();
    await expect(page.getByRole('alert')).toContainText('1 réservation est touchée');
    await expect(page.getByRole('alert')).toContainText(sent.body.reference);
    await expect(page.locator('#f-reason')).toHaveValue('Neige');
    await look();
    expect((await booking(club.client, sent.body.id)).state).toBe('confirmed');

    await page.locator('input[name=force]').check();
    await page.getByRole('button', { name: 'Fermer' }).click();
    await expect(page.getByRole('status')).toContainText('C’est fermé');
    await look();
    await until('cancellation', async () => (await booking(club.client, sent.body.id)).state === 'cancelled_by_body');
    await page.getByRole('link', { name: 'Voir le planning' }).click();
    await page.goto(`/gestion/planning?${address}&semaine=${room.when.date}`);
    await expect(page.locator('table.plan p.closed').filter({ hasText: 'Neige' })).toHaveCount(1);
    await expect(mine).toHaveCount(0);

    await page.goto(`/gestion/fermetures?${address}`);
    await page.getByRole('row').filter({ hasText: 'Neige' }).getByRole('button', { name: /^Rouvrir/u }).click();
    await expect(page.getByRole('status')).toContainText('C’est rouvert');
    await expect(page.getByRole('row').filter({ hasText: 'Neige' })).toHaveCount(0);
    await manager.close();
  });
}

test('closures__missing_reason_and_wrong_days__named_at_their_fields', async ({ browser, stack }) => {
  const staff = stack.account('manager');
  const manager = await Person.open(browser, stack);
  await manager.signIn(staff.email, staff.password);
  await manager.page.goto('/gestion/fermetures');
  await manager.page.locator('#f-from').fill('2027-03-10');
  await manager.page.getByRole('button', { name: 'Fermer' }).click();
  await expect(manager.page.locator('#e-reason')).toBeVisible();
  await expect(manager.page.locator('#f-from')).toHaveValue('2027-03-10');
  await expectAccessible(manager.page);
  await manager.close();
});

test('availability__day_week_month__lead_to_the_room_and_its_request', async ({ browser, stack }) => {
  for (const javaScriptEnabled of [true, false]) {
    const visitor = await Person.open(browser, stack, { javaScriptEnabled });
    const { page } = visitor;
    const look = async (): Promise<void> => {
      if (javaScriptEnabled) await expectAccessible(page);
      await expectNoSidewaysScroll(page);
    };
    await page.setViewportSize({ width: 320, height: 700 });
    await page.goto('/etablissements/college-la-garenne-voiron');
    await page.getByRole('link', { name: 'Voir quand les salles sont libres' }).click();
    await expect(page.getByRole('heading', { level: 2 }).first()).toContainText('Semaine du');
    await page.getByRole('link', { name: 'Après' }).click();
    await expect(page.locator('table.avail tbody tr')).not.toHaveCount(0);
    await look();
    await page.getByRole('link', { name: 'Mois', exact: true }).click();
    await expect(page.locator('table.avail thead th').nth(27)).toBeVisible();
    await look();
    await page.getByRole('link', { name: 'Après' }).click();
    await page.locator('table.avail td p.free a').last().click();
    await expect(page.locator('table.avail thead th')).toHaveCount(1);
    await look();
    await page.locator('table.avail td p.free a').first().click();
    await expect(page).toHaveURL(/\/salles\/.*start_time=/u);
    await expect(page.getByRole('link', { name: 'Demander ce créneau' }).first()).toBeVisible();
    await visitor.close();
  }
});
