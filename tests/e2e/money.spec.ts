// The money as people handle it, in Chromium, with JavaScript and without: the association sees the
// price, asks, pays at the (simulated) provider; messages tell of it; the finance officer brings the
// bank statement and sees everything matched. axe-core on every page of ours.
import { expect, test } from '../support/fixtures.ts';
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.ts';
import { provider } from '../support/money.ts';
import { Person } from '../support/pages.ts';
import { freeRoom, until } from '../support/road.ts';

for (const javaScriptEnabled of [true, false]) {
  const mode = javaScriptEnabled ? 'with_javascript' : 'without_javascript';

  test(`money__${mode}__from_price_to_matched_bank_line`, async ({ browser, stack }) => {
    const { when: { date: thursday } } = await freeRoom(stack, await stack.client(), 'polyvalente', 4);
    const look = async (page: Person['page']): Promise<void> => { if (javaScriptEnabled) await expectAccessible(page); };
    const club = await Person.open(browser, stack, { javaScriptEnabled }, [stack.simulatorUrl()]);
    const { page } = club;
    const association = stack.account('association_paying');
    await club.signIn(association.email, association.password);

    // The price stands on the card, on the room and, line by line, before sending.
    await page.goto(`/recherche?mode=single&kind=polyvalente&near=Voiron&date=${thursday}&start_time=18:00&end_time=20:00`);
    const card = page.locator('main li').filter({ has: page.locator('h2 a, h3 a') })
      .filter({ hasText: 'libre' }).first();
    await expect(card).toContainText(/16(,00)?\s€/u);
    await card.locator('h2 a, h3 a').first().click();
    await page.locator('a[href^="/demande/nouvelle"], form[action^="/demande/nouvelle"] button').first().click();
    await expect(page.locator('main')).toContainText(/16(,00)?\s€/u);
    await look(page);
    await page.locator('#f-purpose').fill('Atelier théâtre');
    await page.locator('#f-headcount').fill('20');
    await page.locator('#f-terms_accepted').check();
    await page.locator('form[action^="/demande/nouvelle"] button[type=submit]').click();
    await expect(page).toHaveURL(/\/suivi\//);
    const followUp = page.url();
    const id = followUp.match(/suivi\/([0-9A-Z]{26})/)?.[1];

    const manager = await Person.open(browser, stack, { javaScriptEnabled });
    const staff = stack.account('manager_all');
    await manager.signIn(staff.email, staff.password);
    await manager.page.goto(`/gestion/a-traiter/${id}`);
    await expect(manager.page.locator('main')).toContainText(/16(,00)?\s€/u);
    await manager.page.locator(`form[action="/gestion/a-traiter/${id}/accepter"] button[type=submit]`).first().click();
    await manager.close();

    // Pays, after the bank has refused once.
    await expect(async () => {
      await page.goto(followUp);
      await expect(page.getByRole('button', { name: /^Payer/u })).toBeVisible();
    }).toPass({ timeout: 20_000 });
    await look(page);
    await page.getByRole('button', { name: /^Payer/u }).click();
    await expect(page).toHaveURL(new RegExp(`^${stack.simulatorUrl()}/pay/`));
    await expect(page.locator('main')).toContainText(/16(,00)?\s€/u);
    await page.getByRole('button', { name: /refus/u }).click();
    await page.getByRole('button', { name: /^Payer/u }).click();
    await expect(page).toHaveURL(/\/paiements\/[0-9A-Z]{26}\/retour/);
    await expect(page.locator('main')).toContainText(/payé/iu);
    await look(page);
    await expect(async () => {
      await page.goto(followUp);
      await expect(page.locator('main')).toContainText(/confirmée/iu);
    }).toPass({ timeout: 20_000 });
    await look(page);
    await club.close();

    // What was written to whom can be read in the demonstration.
    const reader = await Person.open(browser, stack, { javaScriptEnabled });
    await expect(async () => {
      await reader.page.goto('/demo/courriels');
      await expect(reader.page.locator('main')).toContainText(/confirmée/iu);
    }).toPass({ timeout: 20_000 });
    await look(reader.page);
    await reader.page.locator('main li a').first().click();
    await look(reader.page);
    await reader.close();

    // The finance officer.
    const finance = await stack.client('finance');
    const { establishment_id: establishment } = (await finance.get(`/api/payment/v1/payments?booking_id=${id}`)).body.items[0];
    await provider(stack).order('payouts');
    await until('the payout', async () => {
      await finance.post(`/api/payment/v1/payouts/sync?establishment_id=${establishment}`);
      return (await finance.get(`/api/payment/v1/payouts?establishment_id=${establishment}`)).body.items.length > 0;
    });
    const { uai } = (await finance.get(`/api/inventory/v1/establishments/${establishment}`)).body;
    const statement = await provider(stack).bankStatement(`acct_demo_${uai}`);
    const officer = await Person.open(browser, stack, { javaScriptEnabled });
    const account = stack.account('finance');
    await officer.signIn(account.email, account.password);
    await expect(officer.page).toHaveURL(/\/finance/);
    await look(officer.page);
    await officer.page.goto(`/finance/banque?etablissement=${establishment}`);
    await officer.page.locator('#f-statement').setInputFiles({ name: 'casse.csv', mimeType: 'text/csv',
      buffer: Buffer.from('date;libelle;montant;reference\nhier;X;1,00;Y\n') });
    await officer.page.locator('form[action="/finance/banque"][enctype] button[type=submit]').click();
    await expect(officer.page).toHaveTitle(/^Erreur\s: /u);
    await expect(officer.page.locator('main')).toContainText(/ligne 2/iu);
    await look(officer.page);
    await officer.page.locator('#f-statement').setInputFiles({ name: 'releve.csv', mimeType: 'text/csv', buffer: Buffer.from(statement) });
    await officer.page.locator('form[action="/finance/banque"][enctype] button[type=submit]').click();
    await expect(officer.page.locator('main')).toContainText(/rapproché/iu);
    await look(officer.page);

    // The payout adds up in view, down to the bank line.
    await officer.page.goto(`/finance/virements?etablissement=${establishment}`);
    await officer.page.locator('table.books tbody th a').first().click();
    await expect(officer.page.locator('main')).toContainText(/= ligne de banque\s: [0-9]/u);
    await look(officer.page);
    await officer.page.locator('a[href*="#l-"]').click();

    // A match is undone and made again, by keyboard.
    const undo = officer.page.getByRole('button', { name: /^Défaire/u }).first();
    await undo.focus();
    await officer.page.keyboard.press('Enter');
    await expect(officer.page.locator('main')).toContainText(/écritures inverses/u);
    await look(officer.page);
    await officer.page.getByRole('button', { name: 'Rapprocher de nouveau' }).click();
    await expect(officer.page.locator('main')).toContainText(/Rapprochement fait/u);
    for (const path of ['', '/virements', '/mois', '/banque', '/grand-livre']) {
      await officer.page.goto(`/finance${path}?etablissement=${establishment}`);
      await look(officer.page);
      await officer.page.setViewportSize({ width: 320, height: 800 });
      await expectNoSidewaysScroll(officer.page);
      await officer.page.setViewportSize({ width: 1280, height: 900 });
    }
    await expect(officer.page.locator('main')).toContainText(/équilibré/iu);
    for (const file of ['fec.txt', 'journal.csv', 'titres.csv', 'payouts.csv', 'mandate.csv']) {
      const month = new Date().toISOString().slice(0, 7);
      const answer = await officer.page.request.get(`${stack.url()}/finance/fichiers/${file}?etablissement=${establishment}&mois=${month}`);
      expect(answer.status(), file).toBe(200);
      expect(answer.headers()['content-disposition']).toContain('attachment');
    }
    await officer.close();
  });
}
