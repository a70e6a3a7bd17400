// A body moves in: its spreadsheets are rehearsed, then taken; inventory, accounts, booking and search
// know them, and a second run changes nothing.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, withTown } from '../support/fixtures.ts';
import { dayAfter, until } from '../support/road.ts';
import type { Json } from '../support/client.ts';

// Its rooms are real ones: not among those of other specs.
const test = withTown();
const uai = '0382042N';
const templates = join(import.meta.dirname, '../../data/modeles');

test('moving_in__rehearsed_then_taken__search_follows_and_a_second_run_changes_nothing', async ({ town: stack }) => {
  const folder = await mkdtemp(join(tmpdir(), 'preau-moving-in-'));
  const now = stack.businessNow();
  const tuesday = dayAfter(now, 40, 2);
  for (const name of ['salles.csv', 'horaires.csv', 'tarifs.csv', 'associations.csv']) {
    await writeFile(join(folder, name), await readFile(join(templates, name)));
  }
  const year = now.getUTCFullYear();
  await writeFile(join(folder, 'deliberations.csv'),
    `numero;uai;votee_le;valable_du;valable_au\n${year}-99;${uai};${year - 1}-06-25;${year - 1}-09-01;${year + 2}-08-31\n`);
  const header = 'numero;uai;salle;partie;association;objet;personnes;date;debut;fin\n';
  const good = `T-1;${uai};G1;;W381000001;Judo;25;${tuesday};18:00;20:00\n`;
  const clash = `T-2;${uai};G1;Tiers A;W381000002;Lutte;12;${tuesday};19:00;21:00\n`;
  await writeFile(join(folder, 'reservations.csv'), header + good + clash);
  const from = ['import', '--from', folder];
  const body = ['--body', 'isere'];

  const rehearsed = await stack.command('inventory', ...from, ...body, '--dry-run');
  expect([rehearsed.code, rehearsed.told]).toEqual([0, expect.stringContaining('rien n’est enregistré')]);
  const client = await stack.client();
  expect((await client.get('/api/inventory/v1/spaces/gymnase-ravat-college-la-garenne-voiron')).status).toBe(404);

  expect(await stack.command('inventory', ...from, ...body)).toEqual({ code: 0, told: expect.stringContaining('C’est enregistré') });
  expect(await stack.command('accounts', ...from, ...body)).toEqual({ code: 0, told: expect.stringContaining('2 nouvelles') });
  const bookings = await stack.command('booking', ...from, '--dry-run');
  expect(bookings.code).toBe(1);
  expect(bookings.told).toMatch(/reservations\.csv, ligne 3\s: mardi .* 19\sh–21\sh\s: déjà pris par la ligne 2/u);

  await writeFile(join(folder, 'reservations.csv'), header + good);
  expect(await stack.command('booking', ...from)).toEqual({ code: 0, told: expect.stringContaining('1 reprises (1 dates)') });
  const taken = async (): Promise<string[]> => {
    const room = await client.get('/api/inventory/v1/spaces/gymnase-ravat-college-la-garenne-voiron');
    if (room.status !== 200) return [];
    const week = await client.get(`/api/search/v1/spaces/${room.body.space_id ?? room.body.id}/week?date=${tuesday}`);
    const day = week.body.days?.find((one: Json) => one.date === tuesday);
    return (day?.segments ?? []).filter((one: Json) => one.state === 'taken').map((one: Json) => `${one.start_time}-${one.end_time}`);
  };
  await until('search knows what was taken', async () => (await taken()).length > 0, 30_000);
  expect(await taken()).toEqual(['18:00-20:00']);

  expect(await stack.command('inventory', ...from, ...body)).toEqual({ code: 0, told: expect.stringContaining('0 nouvelles, 0 modifiées, 3 inchangées') });
  expect(await stack.command('accounts', ...from, ...body)).toEqual({ code: 0, told: expect.stringContaining('0 nouvelles, 2 déjà connues') });
  expect(await stack.command('booking', ...from)).toEqual({ code: 0, told: expect.stringContaining('0 reprises (0 dates), 1 déjà reprises') });
  await rm(folder, { recursive: true });
});
