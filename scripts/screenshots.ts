import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../test/support/browser.ts';
import { openShot, shots } from '../test/support/shots.ts';
import type { Shot } from '../test/support/shots.ts';
import { sidewaysScroll } from '../test/e2e/looking.ts';
import { ensureRenderer } from './builds.ts';

/**
 * `npm run screenshots`: every view in both themes and two sizes to out/screenshots, with made-up
 * runs, for people to look at. `-- --only TEXT` takes the shots whose name holds the text. Fails where
 * a page logs an error or scrolls sideways.
 */
const root = join(import.meta.dirname, '..');
const outDir = join(root, 'out/screenshots');
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    /** Where the built renderer lies; built there first by default. */
    renderer: { type: 'string' },
  },
});

const sizes = [
  { width: 1280, height: 800 },
  { width: 2560, height: 1440 },
];
const themes = ['light', 'dark'] as const;

async function takeShot(browser: Browser, shot: Shot, rendererDir: string): Promise<string[]> {
  const problems: string[] = [];
  for (const theme of themes) {
    for (const size of sizes) {
      const name = `${shot.name}-${size.width}-${theme}`;
      const { page, complaints, close } = await openShot(browser, shot, {
        ...size,
        theme,
        rendererDir,
      });
      if ((await sidewaysScroll(page)) > 0) problems.push(`${name}: scrolls sideways`);
      await page.screenshot({ path: join(outDir, `${name}.png`) });
      problems.push(...complaints().map((complaint) => `${name}: ${complaint}`));
      await close();
    }
  }
  return problems;
}

if (values.renderer === undefined) await ensureRenderer();
await mkdir(outDir, { recursive: true });
const browser = await launchBrowser();
const problems: string[] = [];
for (const shot of shots.filter(({ name }) => name.includes(values.only))) {
  console.error(shot.name);
  problems.push(...(await takeShot(browser, shot, values.renderer ?? join(root, 'out/renderer'))));
}
await browser.close();
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
