// The main job as people do it, in Chromium, with JavaScript and without: search without an account,
// open a room, ask, decide, see it confirmed. axe-core on every page that is visited.
import { expect, test } from '../support/fixtures.ts';
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.ts';
import { Person } from '../support/pages.ts';
import { dayAfter, evening, searchQuery } from '../support/road.ts';
import type { Stack } from '../support/stack.ts';

/** A Tuesday on which the best room near Voiron is free: the days to come may be Christmas. */
async function openTuesday(stack: Stack, days: number): Promise<string> {
  const client = await stack.client();
  for (let week = 0; week < 12; week++) {
    const date = dayAfter(stack.businessNow(), days + 7 * week, 2);
    const found = await client.get(searchQuery(evening(date), { kind: 'polyvalente', capacity: '40', near: 'Voiron' }));
    if (found.body.items?.[0]?.strip === 'f') return date;
  }
  throw new Error('no free Tuesday in twelve weeks');
}

for (const javaScriptEnabled of [true, false]) {
  const mode = javaScriptEnabled ? 'with_javascript' : 'without_javascript';

  test(`main_job__${mode}__from_search_to_confirmation`, async ({ browser, stack }) => {
    const tuesday = await openTuesday(stack, 21);
    const visitor = await Person.open(browser, stack, { javaScriptEnabled });
    const { page } = visitor;
    // axe needs scripts: without them the same pages are checked by the run that has them.
    const look = async (): Promise<void> => { if (javaScriptEnabled) await expectAccessible(page); };

    await page.goto('/');
    await expect(page.locator('h1')).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
    await look();

    // 1. One date, near Voiron.
    await page.goto(`/recherche?mode=single&kind=polyvalente&capacity=40&near=Voiron&date=${tuesday}&start_time=18:00&end_time=20:00`);
    await expect(page.locator('h1')).toContainText('Voiron');
    const cards = page.locator('main li').filter({ has: page.locator('h2 a, h3 a') });
    expect(await cards.count()).toBeGreaterThan(3);
    await expect(page.locator('main')).toContainText(/à \d+,\d\skm/u);
    await look();

    // 2. The room and its week.
    await cards.first().locator('h2 a, h3 a').first().click();
    await expect(page.locator('main table').first()).toBeVisible();
    await expect(page.locator('main')).toContainText('libre');
    await look();
    const slot = new URL(page.url());
    slot.searchParams.set('date', tuesday);
    slot.searchParams.set('start_time', '18:00');
    slot.searchParams.set('end_time', '20:00');
    await page.goto(slot.toString());
    await look();

    // 3. The request: sign-in on the way, at most 8 fields.
    await page.locator('a[href^="/demande/nouvelle"], form[action^="/demande/nouvelle"] button').first().click();
    await expect(page).toHaveURL(/connexion/);
    await look();
    const club = stack.account('association_free');
    await page.locator('#f-email').fill(club.email);
    await page.locator('#f-password').fill('mauvais mot de passe');
    await page.locator('form[action="/connexion"] button[type=submit]').click();
    await expect(page).toHaveTitle(/^Erreur\s: /u);
    await look();
    await page.locator('#f-email').fill(club.email);
    await page.locator('#f-password').fill(club.password);
    await page.locator('form[action="/connexion"] button[type=submit]').click();
    await expect(page).toHaveURL(/demande\/nouvelle/);
    await look();
    const fields = page.locator('form[action^="/demande/nouvelle"]').locator('input:not([type=hidden]):visible, select:visible, textarea:visible');
    expect(await fields.count()).toBeLessThanOrEqual(9); // a pair of radio buttons is one field
    await page.locator('form[action^="/demande/nouvelle"] button[type=submit]').click(); // everything missing
    await expect(page).toHaveTitle(/^Erreur\s: /u);
    await look();
    await page.locator('#f-purpose').fill('Assemblée générale du foyer');
    await page.locator('#f-headcount').fill('40');
    await page.locator('#f-terms_accepted').check();
    await page.locator('form[action^="/demande/nouvelle"] button[type=submit]').click();
    await expect(page).toHaveURL(/\/suivi\//);
    const reference = (await page.locator('main').innerText()).match(/PR-[0-9A-Z]+-[0-9A-Z]/)?.[0];
    expect(reference).toBeTruthy();
    await look();
    const followUp = page.url();

    // 4. The manager: inbox, request, accept: three clicks after signing in.
    const manager = await Person.open(browser, stack, { javaScriptEnabled });
    const staff = stack.account('manager_all');
    await manager.signIn(staff.email, staff.password);
    await manager.page.goto('/gestion/a-traiter');
    if (javaScriptEnabled) await expectAccessible(manager.page);
    const id = followUp.match(/suivi\/([0-9A-Z]{26})/)?.[1];
    await manager.page.goto(`/gestion/a-traiter/${id}`);
    await expect(manager.page.locator('main')).toContainText(reference!);
    if (javaScriptEnabled) await expectAccessible(manager.page);
    await manager.page.locator(`form[action="/gestion/a-traiter/${id}/accepter"] button[type=submit]`).first().click();
    await expect(manager.page.locator('main')).toContainText(/acceptée/iu);
    if (javaScriptEnabled) await expectAccessible(manager.page);
    await manager.close();

    await expect(async () => {
      await page.goto(followUp);
      await expect(page.locator('main')).toContainText(/confirmée/iu);
    }).toPass({ timeout: 15_000 });
    await look();
    await page.goto('/compte/demandes');
    await expect(page.locator('main')).toContainText(reference!);
    await look();
    await visitor.close();
  });
}

test('pages__every_public_page__accessible_in_both_languages_and_at_320_px', async ({ browser, stack }) => {
  test.setTimeout(240_000);
  const tuesday = dayAfter(stack.businessNow(), 21, 2);
  const paths = ['/', '/recherche', `/recherche?mode=single&kind=gym&near=Voiron&date=${tuesday}&start_time=18:00&end_time=20:00`,
    '/recherche?mode=single&near=Voirom', '/etablissements', '/connexion', '/aide', '/accessibilite', '/donnees-personnelles',
    '/mentions-legales', '/plan-du-site', '/ecoconception', '/qui-peut-reserver', '/nulle-part'];
  // The long lane reads every page in both languages in each look.
  const looks = [['light', 1280, ['fr']], ['dark', 320, ['fr']], ['light', 320, ['en']]] as const;
  const all = ([['light', 1280], ['dark', 1280], ['light', 320]] as const).map(([scheme, width]) => [scheme, width, ['fr', 'en']] as const);
  for (const [colorScheme, width, languages] of process.env['PREAU_LONG'] ? all : looks) {
    const person = await Person.open(browser, stack, { colorScheme, viewport: { width, height: 900 } });
    for (const lang of languages) {
      await person.page.goto(`/langue/${lang}?retour=/`);
      for (const path of paths) {
        await person.page.goto(path);
        await expect(person.page.locator('html')).toHaveAttribute('lang', lang);
        await expectAccessible(person.page);
        if (width === 320) await expectNoSidewaysScroll(person.page);
      }
    }
    await person.close();
  }
});
