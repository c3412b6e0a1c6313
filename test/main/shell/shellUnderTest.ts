import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { EventLog } from '../../../src/main/eventLog.ts';
import type { WorkbenchApi } from '../../../src/main/router.ts';
import { startShell } from '../../../src/main/shell/startShell.ts';
import type { ShellOptions } from '../../../src/main/shell/startShell.ts';
import type { WorkbenchEvent } from '../../../src/shared/events.ts';
import { inOnePiece } from '../../support/pieces.ts';
import { ElectronDouble } from './electronDouble.ts';
import type { WindowDouble } from './electronDouble.ts';

type Run = Extract<WorkbenchEvent, { type: 'run' }>['run'];

/** A started shell on Electron's double, with a workbench whose runs a test moves. */
export class ShellUnderTest {
  readonly double = new ElectronDouble();
  readonly log = new EventLog();
  /** Goes when the test ends. */
  readonly dataDir = mkdtempSync(join(tmpdir(), 'afterimage-shell-'));
  runs: Pick<Run, 'id' | 'status'>[] = [];
  closing = Promise.withResolvers<undefined>();
  closed = 0;

  constructor() {
    onTestFinished(() => {
      rmSync(this.dataDir, { recursive: true });
    });
  }

  async start(changes: Partial<ShellOptions> = {}): Promise<void> {
    const rendererDir = join(this.dataDir, 'renderer');
    mkdirSync(rendererDir, { recursive: true });
    writeFileSync(join(rendererDir, 'index.html'), '<!doctype html><title>Afterimage</title>');
    const api = {
      events: (_: unknown, options: object) => this.log.read(options),
      runs: { list: () => inOnePiece(this.runs) },
    } as unknown as WorkbenchApi;
    await startShell(this.double.electron, {
      dataDir: this.dataDir,
      rendererDir,
      preloadPath: '/app/preload/index.cjs',
      trainerPath: '/app/trainer.js',
      platform: 'linux',
      open: () =>
        Promise.resolve({
          api,
          close: () => {
            this.closed += 1;
            return this.closing.promise;
          },
        }),
      ...changes,
    });
    await settle();
  }

  get window(): WindowDouble {
    const [window] = this.double.windows;
    if (window === undefined) throw new Error('There is no window.');
    return window;
  }

  async setRun(id: string, status: Run['status']): Promise<void> {
    this.log.publish({ type: 'run', run: { id, status } as Run });
    await settle();
  }
}

/** Lets everything that is ready to run do so. */
export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/** A shell that has started, prepared before by a test. */
export async function started(prepare?: (shell: ShellUnderTest) => void): Promise<ShellUnderTest> {
  const shell = new ShellUnderTest();
  prepare?.(shell);
  await shell.start();
  return shell;
}
