import { defineConfig } from '@playwright/test';

// Debian's Chromium is used: no browser is downloaded.
export default defineConfig({
    testDir: 'tests',
    outputDir: '../test-results/frontend',
    workers: 2,
    fullyParallel: true,
    timeout: 120_000,
    reporter: [['list']],
    use: {
        launchOptions: {
            executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
            args: ['--no-sandbox', '--disable-gpu'],
        },
    },
});
