import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { engine, makeEpoch, newRun } from '../main/store/fixtures.ts';
import { withHistory } from '../support/storedRun.ts';
import { host, openWorkbenchPage } from '../support/workbenchPage.ts';
import type { WorkbenchPage } from '../support/workbenchPage.ts';
import { picturesOfFailures, runRow } from './looking.ts';

/** A run that trained for a minute in the evening, and for a minute and a half the next morning. */
const evening = Date.parse('2026-03-01T20:00:00Z');
const morning = Date.parse('2026-03-02T07:30:00Z');

/** Stores it as the recorder does, at the times told. */
function storePausedAndResumed(dataDir: string): string {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    return withHistory(dataDir, (history) => {
      const { runs, checkpoints } = history;
      const endEpoch = (epoch: number, durationMs: number): void => {
        const { metrics, ...rest } = makeEpoch(epoch);
        history.insertEpoch(id, { ...rest, metrics: { ...metrics, durationMs } });
      };
      vi.setSystemTime(evening - 1_000);
      const { id } = runs.insert(newRun({ name: 'overnight' }));
      vi.setSystemTime(evening);
      runs.setStarted(id, engine, {});
      endEpoch(0, 5_000);
      endEpoch(1, 60_000);
      vi.setSystemTime(evening + 70_000);
      checkpoints.replace(id, new Uint8Array(8));
      runs.setStatus(id, 'paused');
      vi.setSystemTime(morning);
      runs.setStatus(id, 'queued');
      runs.setStarted(id, engine, {});
      endEpoch(2, 90_000);
      vi.setSystemTime(morning + 100_000);
      runs.setStatus(id, 'completed');
      return id;
    });
  } finally {
    vi.useRealTimers();
  }
}

let dataDir: string;
let runId: string;
let workbench: WorkbenchPage;
let page: Page;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'afterimage-times-'));
  runId = storePausedAndResumed(dataDir);
  workbench = await openWorkbenchPage({ dataDir });
  ({ page } = workbench);
});
afterAll(async () => {
  await workbench.close();
  rmSync(dataDir, { recursive: true, force: true });
});
picturesOfFailures(() => page);

/** What stands beside a word in a list of facts. */
const factOf = (name: string): Promise<string> =>
  page
    .locator('dl > div')
    .filter({ has: page.getByText(name, { exact: true }) })
    .locator('dd')
    .innerText();

describe.runIf(host === 'serve')('a run that was paused for a night', () => {
  it('says how long it trained, and apart from that how long all of it took', async () => {
    await page.goto(new URL('/', page.url()).href);
    // 60 s and 90 s: the untrained network's evaluation is no training, nor is the night.
    await runRow(page, 'overnight').getByText('2.5 min', { exact: true }).waitFor();
    await page.goto(new URL(`/runs/${runId}`, page.url()).href);
    await page.getByText('Start to finish').waitFor();
    await expect.poll(() => factOf('Training time')).toBe('2 min 30 s');
    // From 20:00:00 to 7:31:40.
    await expect.poll(() => factOf('Start to finish')).toBe('11 h 32 min');
    expect(workbench.complaints).toEqual([]);
  });
});
