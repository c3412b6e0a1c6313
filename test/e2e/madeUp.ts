/** A page over made-up runs, whose numbers a test can work out for itself. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ensureRenderer } from '../../scripts/builds.ts';
import type { Run } from '../../src/core/records.ts';
import { launchBrowser } from '../support/browser.ts';
import { createFakeWorkbench } from '../support/fakeWorkbench.ts';
import { openShot, type Shot } from '../support/shots.ts';

export interface MadeUpPage {
  page: Page;
  /** What the page put on the console as an error. */
  complaints: () => string[];
  close: () => Promise<void>;
}

/** Thirty runs, looked at in a browser of their own, 1280 x 800. */
export async function openMadeUpPage(
  path: string,
  options: Pick<Shot, 'remote' | 'readOnly'> = {},
): Promise<MadeUpPage> {
  await ensureRenderer();
  const browser = await launchBrowser();
  const rendererDir = join(import.meta.dirname, '../../out/renderer');
  const look = { width: 1280, height: 800, theme: 'light', rendererDir } as const;
  const { page, complaints, close } = await openShot(
    browser,
    { name: path, path, ...options },
    look,
  );
  return {
    page,
    complaints,
    close: async () => {
      await close();
      await browser.close();
    },
  };
}

const { runs } = createFakeWorkbench({ runs: 30 });

/** One of them, as the page's workbench has it. */
export function runOf(id: string): Run {
  const run = runs.get(id);
  if (run === undefined) throw new Error(`There is no ${id}.`);
  return run;
}
