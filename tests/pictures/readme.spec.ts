// The pictures of README.md, taken of the real pages:  npx playwright test --project=pictures
import path from 'node:path';
import { test } from '../support/fixtures.ts';
import { Person } from '../support/pages.ts';
import { ask, dayAfter, evening, freeRoom, hirer } from '../support/road.ts';

const folder = path.resolve(import.meta.dirname, '../../docs/pictures');
const wide = { viewport: { width: 1280, height: 860 } };

test('pictures__of_the_readme', async ({ browser, stack }) => {
  const shoot = async (person: Person, name: string): Promise<void> => {
    await person.page.waitForLoadState('networkidle');
    await person.page.screenshot({ path: path.join(folder, `${name}.png`) });
  };
  const today = stack.businessNow();
  const first = dayAfter(today, 45, 2);
  const season = `/recherche?mode=weekly&kind=polyvalente&near=Voiron&capacity=40&weekdays=tue&from=${first}`
    + `&until=${dayAfter(today, 200, 2)}&start_time=18:00&end_time=20:00&school_holidays=skip&public_holidays=skip`;

  const visitor = await Person.open(browser, stack, wide);
  await visitor.page.goto(season);
  await shoot(visitor, 'search');
  await visitor.page.locator('main li h2 a, main li h3 a').first().click();
  await shoot(visitor, 'season');
  await visitor.close();

  const club = await hirer(stack);
  for (const weekday of [2, 3, 4]) {
    const { offer, when } = await freeRoom(stack, club.client, 'polyvalente', weekday);
    await ask(club, { offer, when, headcount: 18 + 4 * weekday, purpose: 'Tatami et jeux d’opposition' });
  }
  const staff = stack.account('manager_all');
  const manager = await Person.open(browser, stack, wide);
  await manager.signIn(staff.email, staff.password);
  await manager.page.goto('/gestion/a-traiter');
  await manager.page.locator('main li').filter({ hasText: 'jeux d’opposition' }).locator('a').first().click();
  await shoot(manager, 'inbox');
  await manager.close();
});
