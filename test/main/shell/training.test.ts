import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settle, started } from './shellUnderTest.ts';
import type { ShellUnderTest } from './shellUnderTest.ts';

describe('progress', () => {
  it('is on the dock or taskbar while runs train, as the mean of their shares', async () => {
    const shell = await started(({ runs }) => runs.push({ id: 'a', status: 'running' }));
    const report = async (runId: string, epoch: number, step: number): Promise<void> => {
      shell.log.publish({
        type: 'progress',
        runId,
        remainingMs: null,
        progress: {
          phase: 'training',
          epoch,
          epochs: 4,
          step,
          steps: 100,
          loss: null,
          terms: {},
          accuracy: null,
          imagesPerSecond: 900,
        },
      });
      await settle();
    };
    expect(shell.double.badges.at(-1)).toBe(1);
    // Two of four epochs behind it, half of the third.
    await report('a', 3, 50);
    expect(shell.window.progress.at(-1)).toBe(0.625);
    await shell.setRun('b', 'running');
    expect(shell.window.progress.at(-1)).toBe(0.3125);
    expect(shell.double.badges.at(-1)).toBe(2);
    await report('b', 0, 1);
    expect(shell.window.progress.at(-1)).toBe(0.3125);
    await report('unknown', 4, 100);
    await shell.setRun('a', 'completed');
    shell.log.publish({ type: 'purged', runId: 'b' });
    await settle();
    expect(shell.window.progress.at(-1)).toBe(-1);
    expect(shell.double.badges.at(-1)).toBe(0);
  });
});

describe('quitting', () => {
  const training = (shell: ShellUnderTest): void => {
    shell.runs.push({ id: 'a', status: 'running' }, { id: 'b', status: 'queued' });
  };

  it('without training asks nothing, and ends when the workbench has closed', async () => {
    const shell = await started();
    shell.window.close();
    expect(shell.double.prompts).toHaveLength(0);
    expect(shell.closed).toBe(1);
    expect(shell.double.calls).not.toContain('exit 0');
    shell.closing.resolve(undefined);
    await settle();
    expect(shell.double.calls.at(-1)).toBe('exit 0');
  });

  it('while a run trains asks once, and stays when cancelled', async () => {
    const shell = await started(training);
    shell.window.close();
    shell.double.app.quit();
    expect(shell.double.prompts).toMatchObject([
      {
        message: 'A run is training.',
        buttons: ['Keep training in the background', 'Pause and quit', 'Cancel'],
        cancelId: 2,
      },
    ]);
    shell.double.answer.resolve(2);
    await settle();
    expect(shell.double.windows).toHaveLength(1);
    expect(shell.closed).toBe(0);
  });

  it('pauses and ends when asked to', async () => {
    const shell = await started(training);
    shell.double.app.quit();
    shell.double.answer.resolve(1);
    await settle();
    expect(shell.double.windows).toHaveLength(0);
    expect(shell.closed).toBe(1);
    shell.closing.resolve(undefined);
    await settle();
    expect(shell.double.calls.at(-1)).toBe('exit 0');
  });

  it('keeps training without a window until the queue has ended', async () => {
    const shell = await started(training);
    shell.window.close();
    shell.double.answer.resolve(0);
    await settle();
    expect(shell.double.windows).toHaveLength(0);
    expect(readFileSync(join(shell.dataDir, 'shell', 'window.json'), 'utf8')).toContain('1280');
    await shell.setRun('a', 'completed');
    expect(shell.closed).toBe(0);
    await shell.setRun('b', 'running');
    await shell.setRun('b', 'completed');
    expect(shell.closed).toBe(1);
  });

  it('comes back from the background to its window, and asks again', async () => {
    const shell = await started(training);
    shell.window.close();
    shell.double.answer.resolve(0);
    await settle();
    shell.double.answer = Promise.withResolvers();
    shell.double.app.quit();
    expect(shell.double.prompts).toHaveLength(2);
    shell.double.answer.resolve(2);
    await settle();
    shell.double.app.emit('second-instance');
    expect(shell.double.windows).toHaveLength(1);
    await shell.setRun('a', 'completed');
    await shell.setRun('b', 'completed');
    expect(shell.closed).toBe(0);
  });

  it('ends at once where all ended while it asked', async () => {
    const shell = await started(training);
    shell.window.close();
    await shell.setRun('a', 'completed');
    await shell.setRun('b', 'stopped');
    shell.double.answer.resolve(0);
    await settle();
    expect(shell.closed).toBe(1);
  });
});
