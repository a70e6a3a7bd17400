// One stack for each worker and project, started when the first test asks for it.
import { test as base, expect } from '@playwright/test';
import { Stack, type Engine } from './stack.ts';

export const test = base.extend<object, { stack: Stack; engine: Engine }>({
  engine: [async ({}, use, workerInfo) => {
    await use((workerInfo.project.metadata as { engine?: Engine }).engine ?? 'sqlite');
  }, { scope: 'worker' }],
  stack: [async ({ engine }, use) => {
    // Short undo window and lifted quotas so that races can send many requests; the default limits
    // have tests of their own.
    const stack = await Stack.start({ engine, settings: { 'booking.undo_window_s': 1, 'booking.live_requests_max': 100_000 } });
    await use(stack);
    await stack.end();
  }, { scope: 'worker', timeout: 120_000 }],
});

export { expect };
