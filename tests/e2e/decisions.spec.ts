// The answers between yes and no, as people give them in Chromium: some dates, a question, something
// else. axe-core on every page; light, dark and at 320 px.
import { expect, test } from '../support/fixtures.ts';
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.ts';
import { Person } from '../support/pages.ts';
import type { Answer } from '../support/client.ts';
import { ask, evening, freeRoom, hirer } from '../support/road.ts';

const week = (date: string, n: number): string =>
  new Date(Date.parse(`${date}T12:00:00Z`) + 7 * n * 86_400_000).toISOString().slice(0, 10);

test('inbox__part_question_and_proposal__work_without_scripts_and_end_at_the_hirer', async ({ browser, stack }) => {
  const club = await hirer(stack);
  const room = await freeRoom(stack, club.client, 'classroom', 2, '18:00', '20:00');
  const dates = [0, 1, 2].map((n) => week(room.when.date, n));
  const sent = await ask(club, {
    offer: room.offer, onConflict: 'skip',
    when: { kind: 'dates', dates, start_time: '18:00', end_time: '19:00' } as never,
  });
  expect(sent.status).toBe(201);
  const id = sent.body.id as string;
  const manager = await Person.open(browser, stack, { javaScriptEnabled: false });
  const staff = stack.account('manager_all');
  await manager.signIn(staff.email, staff.password);
  const { page } = manager;

  // A question, which is refused without words and answered by the hirer.
  await page.goto(`/gestion/a-traiter/${id}`);
  await page.getByText('Demander une pièce…').click();
  await page.locator(`form[action$="/${id}/demander"] button[type=submit]`).click();
  await expect(page).toHaveTitle(/^Erreur\s: /u);
  await page.locator(`form[action$="/${id}/demander"] textarea`).fill('L’attestation de 2027.');
  await page.locator(`form[action$="/${id}/demander"] button[type=submit]`).click();
  await expect(page.locator('main')).toContainText('L’attestation de 2027.');
  await page.goto('/gestion/a-traiter?etat=en-attente');
  await expect(page.locator('main')).toContainText('en attente de pièces');

  const president = await Person.open(browser, stack, { javaScriptEnabled: false });
  const account = stack.account('association_free');
  await president.signIn(account.email, account.password);
  await president.page.goto(`/suivi/${id}`);
  await expect(president.page.locator('main')).toContainText('L’attestation de 2027.');
  await president.page.locator('#f-text').fill('Envoyée ce matin.');
  await president.page.locator(`form[action="/suivi/${id}/repondre"] button[type=submit]`).click();
  await expect(president.page.locator('main')).toContainText('en attente de réponse');

  // Something else: one date, half an hour later.
  await page.goto(`/gestion/a-traiter/${id}`);
  await expect(page.locator('main')).toContainText('Envoyée ce matin.');
  await page.getByText('Proposer autre chose…').click();
  const form = page.locator(`form[action$="/${id}/proposer"]`);
  await form.locator('select[name=start_time]').selectOption('18:30');
  await form.locator('select[name=end_time]').selectOption('19:30');
  await form.locator('textarea').fill('Une demi-heure plus tard, après l’étude.');
  await form.locator('button[type=submit]').click();
  await expect(page.locator('main')).toContainText('Proposition envoyée');
  await president.page.goto(`/suivi/${id}`);
  await expect(president.page.locator('main')).toContainText('après l’étude');
  await president.page.locator(`form[action="/suivi/${id}/accepter-proposition"] button[type=submit]`).click();
  await expect(president.page.locator('main')).toContainText(/acceptée|confirmée/u);
  await expect(president.page.locator('main')).toContainText('remplacé par la proposition acceptée');
  await president.close();

  // Some dates of another request.
  const second = await ask(club, {
    offer: room.offer, onConflict: 'skip',
    when: { kind: 'dates', dates: dates.map((d) => week(d, 3)), start_time: '18:00', end_time: '19:00' } as never,
  });
  expect(second.status).toBe(201);
  await page.goto(`/gestion/a-traiter/${second.body.id}`);
  await page.getByText('Accepter en partie…').click();
  const part = page.locator('form', { has: page.locator('input[name=occurrence_ids]') });
  await part.locator('input[name=occurrence_ids]:checked').last().uncheck();
  await part.locator('select[name=reason_code]').selectOption('school_need');
  await part.locator('button[type=submit]').click();
  await expect(page.locator('main')).toContainText('Acceptée en partie');
  await manager.close();
});

test('pages__open_forms_and_proposal__accessible_light_dark_and_at_320_px', async ({ browser, stack }) => {
  const club = await hirer(stack);
  const manager = await stack.client('manager_all');
  // Some dates can be granted only of a request for several: the week after may be taken or closed.
  let waiting: Answer;
  do {
    const room = await freeRoom(stack, club.client, 'classroom', 3, '18:00', '20:00');
    waiting = await ask(club, {
      offer: room.offer,
      when: { kind: 'dates', dates: [0, 1].map((n) => week(room.when.date, n)), start_time: '18:00', end_time: '19:00' } as never,
    });
  } while (waiting.status === 409 || waiting.status === 422);
  expect(waiting.status).toBe(201);
  const other = await freeRoom(stack, club.client, 'classroom', 4, '18:00', '20:00');
  const proposed = await ask(club, { offer: other.offer, when: evening(other.when.date, '18:00', '19:00') });
  const path = `/api/booking/v1/bookings/${proposed.body.id}/propose`;
  expect((await manager.post(path, { version: proposed.body.version, message: 'Une heure plus tard.', when: evening(other.when.date, '19:00', '20:00') })).status).toBe(200);
  const third = await freeRoom(stack, club.client, 'classroom', 1, '18:00', '20:00');
  const asked = await ask(club, { offer: third.offer, when: third.when });
  expect((await manager.post(`/api/booking/v1/bookings/${asked.body.id}/ask-documents`, { version: asked.body.version, text: 'Le RIB de l’association.' })).status).toBe(200);

  const shots = process.env['PREAU_SHOTS_DIR'];
  const all = [['light', 1280], ['dark', 1280], ['light', 320], ['dark', 320]] as const;
  for (const [colorScheme, width] of process.env['PREAU_LONG'] ? all : [all[0], all[3]]) {
    const staff = await Person.open(browser, stack, { colorScheme, viewport: { width, height: 900 } });
    await staff.signIn(stack.account('manager_all').email, stack.account('manager_all').password);
    const look = async (person: Person, name: string): Promise<void> => {
      await expectAccessible(person.page);
      if (width === 320) await expectNoSidewaysScroll(person.page);
      if (shots) await person.page.screenshot({ path: `${shots}/${name}-${colorScheme}-${width}.png`, fullPage: true });
    };
    for (const summary of ['Accepter en partie…', 'Demander une pièce…', 'Proposer autre chose…', 'Refuser…']) {
      await staff.page.goto(`/gestion/a-traiter/${waiting.body.id}`);
      await staff.page.getByText(summary).click();
      await look(staff, `inbox-${summary.split(' ')[1] ?? 'refuser'}`);
    }
    for (const one of [proposed, asked]) {
      await staff.page.goto(`/gestion/a-traiter/${one.body.id}?etat=en-attente`);
      await look(staff, `inbox-${one.body.reference}`);
    }
    await staff.close();
    const president = await Person.open(browser, stack, { colorScheme, viewport: { width, height: 900 } });
    await president.signIn(stack.account('association_free').email, stack.account('association_free').password);
    for (const [one, name] of [[proposed, 'proposal'], [asked, 'asked']] as const) {
      await president.page.goto(`/suivi/${one.body.id}`);
      await look(president, name);
    }
    await president.page.goto('/compte/demandes');
    await look(president, 'requests');
    await president.close();
  }
});
