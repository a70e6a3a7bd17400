import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

import { expect, test } from '@playwright/test';

import { drawMap } from './map';
import { root } from './render';
import type { Topology } from './topology';

const file = join(root, 'assets/isere.svg');

test('the map is what the commune outlines give', () => {
    const topology = JSON.parse(readFileSync(join(root, '../data/isere_communes.topojson'), 'utf8')) as Topology;
    const drawn = drawMap(topology);
    if (process.env['UPDATE_MAP'] !== undefined) writeFileSync(file, drawn);
    expect(readFileSync(file, 'utf8')).toBe(drawn);
});

test('the map weighs at most 15 KB', () => {
    expect(brotliCompressSync(readFileSync(file)).length).toBeLessThanOrEqual(15_000);
});
