// One runner for everything that drives the real binaries: over HTTP (functional, on both engines),
// in a browser (e2e, with and without JavaScript), the check of the recorded traffic (contract), and the
// pictures of the README, which no lane runs.
import { defineConfig } from '@playwright/test';

const chromium = {
  browserName: 'chromium' as const,
  launchOptions: {
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  },
};

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  fullyParallel: false,
  workers: 1,
  timeout: 240_000,
  forbidOnly: true,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['./support/counts.ts']],
  projects: [
    { name: 'sqlite', testDir: 'functional', metadata: { engine: 'sqlite' } },
    { name: 'mariadb', testDir: 'functional', metadata: { engine: 'mariadb' } },
    { name: 'e2e', testDir: 'e2e', metadata: { engine: 'sqlite' },
      use: { ...chromium, locale: 'fr-FR', screenshot: 'only-on-failure' } },
    { name: 'contract', testDir: 'contract' },
    { name: 'pictures', testDir: 'pictures', metadata: { engine: 'sqlite' }, use: { ...chromium, locale: 'fr-FR' } },
  ],
});
