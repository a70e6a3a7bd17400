// One stack for each worker and project, started when the first test asks for it.
import { test as base, expect } from '@playwright/test';
import { Stack, type Engine } from './stack.ts';

// Short undo window and lifted quotas so that races can send many requests; the default limits have tests
// of their own.
const quick = { 'booking.undo_window_s': 1, 'booking.live_requests_max': 100_000 };

export const test = base.extend<object, { stack: Stack; engine: Engine }>({
  engine: [async ({}, use, workerInfo) => {
    await use((workerInfo.project.metadata as { engine?: Engine }).engine ?? 'sqlite');
  }, { scope: 'worker' }],
  stack: [async ({ engine }, use) => {
    const stack = await Stack.start({ engine, settings: quick });
    await use(stack);
    await stack.end();
  }, { scope: 'worker', timeout: 240_000 }],
});

/** For a spec that moves business time or kills services: a `town` of its own, which no other spec sees. */
export const withTown = () => test.extend<object, { town: Stack }>({
  town: [async ({ engine }, use) => {
    const town = await Stack.start({ engine, settings: quick });
    await use(town);
    await town.end();
  }, { scope: 'worker', timeout: 240_000 }],
});

export { expect };
