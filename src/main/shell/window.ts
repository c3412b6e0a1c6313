import type { BrowserWindow } from 'electron';
import { shellOrigin } from '../../shared/portHandshake.ts';
import type { Electron } from './electron.ts';
import { loadWindowState, saveWindowState } from './windowState.ts';

export interface WindowOptions {
  preloadPath: string;
  /** File that keeps the window's place. */
  statePath: string;
}

/** The smallest and the first size that the views are made for, in device-independent pixels. */
const smallest = { minWidth: 960, minHeight: 600 };
const first = { width: 1280, height: 800 };

/** Opens the workbench's window where it last was. */
export function openWindow(electron: Electron, options: WindowOptions): BrowserWindow {
  const workAreas = electron.screen.getAllDisplays().map(({ workArea }) => workArea);
  const state = loadWindowState(options.statePath, workAreas);
  const place = state && { x: state.x, y: state.y, width: state.width, height: state.height };
  const window = new electron.BrowserWindow({
    ...smallest,
    ...(place ?? first),
    title: 'Afterimage',
    show: false,
    webPreferences: {
      preload: options.preloadPath,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      // Its dictionaries come from the network.
      spellcheck: false,
      devTools: !electron.app.isPackaged,
    },
  });
  if (state?.maximized === true) window.maximize();
  window.once('ready-to-show', () => {
    window.show();
  });
  window.on('close', () => {
    const maximized = window.isMaximized();
    saveWindowState(options.statePath, { ...window.getNormalBounds(), maximized });
  });
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    // Runs are trained elsewhere and go on; the page needs only to be loaded again.
    if (reason !== 'clean-exit') window.reload();
  });
  void window.loadURL(`${shellOrigin}/`);
  return window;
}
