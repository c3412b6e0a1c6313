import { existsSync } from 'node:fs';
import sparticuz from '@sparticuz/chromium';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

/**
 * A headless Chromium with no system package: the one that npm brings, or the one that
 * AFTERIMAGE_CHROMIUM names. Its own arguments are not taken: they switch the browser's security off.
 */
export async function launchBrowser(moreArgs: readonly string[] = []): Promise<Browser> {
  const named = process.env['AFTERIMAGE_CHROMIUM'];
  if (named !== undefined && !existsSync(named)) {
    throw new Error(`AFTERIMAGE_CHROMIUM names ${named}, which does not exist.`);
  }
  return chromium.launch({
    executablePath: named ?? (await sparticuz.executablePath()),
    headless: true,
    args: [
      '--headless=shell',
      '--no-sandbox',
      '--no-zygote',
      '--disable-background-networking',
      '--font-render-hinting=none',
      '--use-gl=angle',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      ...moreArgs,
    ],
  });
}
