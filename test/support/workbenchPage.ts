import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { ensureRenderer } from '../../scripts/builds.ts';
import { findElectron } from '../../scripts/electronBinary.ts';
import { launchBrowser } from './browser.ts';
import { startWorkbenchServer } from './workbenchServer.ts';
import type { WorkbenchServer } from './workbenchServer.ts';

/** Where the end-to-end suite runs: `serve` with Chromium, or the window in Electron itself. */
export const host = process.env['AFTERIMAGE_HOST'] === 'electron' ? 'electron' : 'serve';

export interface WorkbenchPage {
  page: Page;
  dataDir: string;
  /** The first address; null in Electron. */
  url: string | null;
  /** Null in Electron. */
  server: WorkbenchServer | null;
  /** Null in Electron. */
  browser: Browser | null;
  /** Errors of its scripts and whatever else the page put on the console as one. */
  complaints: readonly string[];
  close: () => Promise<void>;
}

export interface PageOptions {
  width?: number;
  height?: number;
  colorScheme?: 'light' | 'dark';
  /** A folder that outlives the page; by default one of its own, removed at the end. */
  dataDir?: string;
}

const root = join(import.meta.dirname, '../..');

/** Opens a workbench of its own and shows its first page. */
export async function openWorkbenchPage(options: PageOptions = {}): Promise<WorkbenchPage> {
  const own = options.dataDir === undefined;
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'afterimage-e2e-'));
  const opened = await (host === 'electron' ? openInElectron : openInChromium)(dataDir, options);
  return {
    ...opened,
    dataDir,
    close: async () => {
      await opened.close();
      if (own) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

type Opened = Omit<WorkbenchPage, 'dataDir'>;

/** Gathers what a page complains of from now on. */
export function collectComplaints(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return complaints;
}

async function openInChromium(dataDir: string, options: PageOptions): Promise<Opened> {
  const { width = 1280, height = 800, colorScheme = 'light' } = options;
  await ensureRenderer();
  const [server, browser] = await Promise.all([startWorkbenchServer(dataDir), launchBrowser()]);
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  const page = await context.newPage();
  const complaints = collectComplaints(page);
  await page.goto(server.url);
  return {
    page,
    url: server.url,
    server,
    browser,
    complaints,
    close: async () => {
      await browser.close();
      await server.stop();
    },
  };
}

async function openInElectron(dataDir: string, options: PageOptions): Promise<Opened> {
  const { width = 1280, height = 800, colorScheme = 'light' } = options;
  const executablePath = findElectron();
  if (executablePath === null) throw new Error('Electron’s binary is not here.');
  const application = await _electron.launch({
    executablePath,
    args: [root, '--data-dir', dataDir],
    colorScheme,
  });
  const page = await application.firstWindow();
  const complaints = collectComplaints(page);
  await page.setViewportSize({ width, height });
  return {
    page,
    url: null,
    server: null,
    browser: null,
    complaints,
    close: () => application.close(),
  };
}
