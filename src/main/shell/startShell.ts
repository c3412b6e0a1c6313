import { accessSync, constants, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { BrowserWindow } from 'electron';
import { AfterimageError } from '../../core/errors.ts';
import { createHandler } from '../router.ts';
import type { WorkbenchApi } from '../router.ts';
import type { StartTrainer } from '../training/trainerHost.ts';
import { loadRendererFiles } from '../transports/rendererFiles.ts';
import { choosePathIn } from './choosePath.ts';
import { askWhereToSave } from './downloads.ts';
import type { Electron } from './electron.ts';
import { guardContents, guardSession } from './guards.ts';
import { installMenu } from './menu.ts';
import { servePorts } from './ports.ts';
import { QuitGuard } from './quitGuard.ts';
import { declareRendererScheme, serveRendererScheme } from './rendererProtocol.ts';
import { showProgress } from './showProgress.ts';
import { TrainingActivity } from './trainingActivity.ts';
import { utilityTrainer } from './utilityTrainer.ts';
import { openWindow } from './window.ts';
import { makeFolder, privateFolderMode } from '../platform/folders.ts';
import { removeAbandoned } from '../platform/unfinished.ts';

/** A workbench that the shell has opened. */
export interface ShellWorkbench {
  api: WorkbenchApi;
  /** Pauses what trains, and ends with everything stored. */
  close: () => Promise<void>;
}

export interface ShellOptions {
  dataDir: string;
  rendererDir: string;
  preloadPath: string;
  trainerPath: string;
  platform: NodeJS.Platform;
  open: (options: { dataDir: string; startTrainer: StartTrainer }) => Promise<ShellWorkbench>;
}

/** Quitting waits this long for the workbench to close; a run that is cut off can be resumed. */
const closePatienceMs = 60_000;

/**
 * Runs the workbench in a window of its own. Ends at once where another shell has the data folder
 * open; that one shows its window.
 */
export async function startShell(electron: Electron, options: ShellOptions): Promise<void> {
  const { app } = electron;
  declareRendererScheme(electron.protocol);
  app.enableSandbox();
  // Electron's lock is per user data folder; this one lies in the data folder.
  const shellDir = makeShellFolder(options.dataDir);
  app.setPath('userData', shellDir);
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  app.on('web-contents-created', (_event, contents) => {
    guardContents(contents, electron.shell);
  });
  await Promise.all([app.whenReady(), removeAbandoned(shellDir)]);
  try {
    await run(electron, options, shellDir);
  } catch (error) {
    console.error(error);
    electron.dialog.showErrorBox('Afterimage cannot start', describe(error));
    app.exit(1);
  }
}

/** A data folder that can only be looked at has no room for Electron's own files; they go elsewhere. */
function makeShellFolder(dataDir: string): string {
  const folder = join(dataDir, 'shell');
  try {
    makeFolder(folder, privateFolderMode);
    accessSync(folder, constants.W_OK);
    return folder;
  } catch {
    return mkdtempSync(join(tmpdir(), 'afterimage-shell-'));
  }
}

async function run(electron: Electron, options: ShellOptions, shellDir: string): Promise<void> {
  const { app, session } = electron;
  const files = await loadRendererFiles(options.rendererDir);
  const workbench = await options.open({
    dataDir: options.dataDir,
    startTrainer: utilityTrainer(electron.utilityProcess, options.trainerPath),
  });
  guardSession(session.defaultSession);
  askWhereToSave(session.defaultSession, app);
  serveRendererScheme(electron.protocol, files);

  const activity = new TrainingActivity(workbench.api);
  const guard = new QuitGuard(electron, activity);
  let window: BrowserWindow | null = null;
  const show = (): BrowserWindow => {
    if (window !== null) {
      if (window.isMinimized()) window.restore();
      window.focus();
      return window;
    }
    const statePath = join(shellDir, 'window.json');
    window = openWindow(electron, { preloadPath: options.preloadPath, statePath });
    window.on('closed', () => (window = null));
    guard.watch(window);
    return window;
  };
  showProgress(activity, app, () => window);
  const choose = choosePathIn(electron.dialog, () => window);
  const { api } = workbench;
  servePorts(
    electron.ipcMain,
    createHandler({ ...api, datasets: { ...api.datasets, choose } }),
    (contents) => contents === window?.webContents,
  );
  installMenu(electron, options.platform, show);
  app.on('second-instance', show);
  app.on('activate', show);
  closeAtQuit(app, workbench);
  activity.follow().catch((error: unknown) => {
    console.error('The shell lost sight of what trains:', error);
  });
  show();
}

function closeAtQuit(app: Electron['app'], workbench: ShellWorkbench): void {
  let closing = false;
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    const patience = delay(closePatienceMs).then(() => {
      console.error('The workbench has not closed in time; what trains can be resumed.');
    });
    void Promise.race([workbench.close(), patience])
      .catch((error: unknown) => {
        console.error('The workbench did not close:', error);
      })
      .then(() => {
        app.exit(0);
      });
  });
}

function describe(error: unknown): string {
  if (error instanceof AfterimageError) return `${error.message}\n\n${error.remedy}`;
  return error instanceof Error ? error.message : String(error);
}
