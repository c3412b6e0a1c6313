/** The window's entry: the shell, with Electron and this application's files. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  protocol,
  screen,
  session,
  shell,
  utilityProcess,
} from 'electron';
import { chooseDataDir } from './cli/dataDir.ts';
import { startShell } from './shell/startShell.ts';
import { openWorkbench } from './workbench.ts';

const electron = {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  protocol,
  screen,
  session,
  shell,
  utilityProcess,
};

// Chromium's own switches may stand beside ours.
const { values } = parseArgs({
  options: { 'data-dir': { type: 'string' } },
  strict: false,
  allowPositionals: true,
});
const asked = values['data-dir'];

void startShell(electron, {
  dataDir: resolve(chooseDataDir(typeof asked === 'string' ? asked : undefined)),
  rendererDir: join(import.meta.dirname, '../renderer'),
  preloadPath: join(import.meta.dirname, '../preload/index.cjs'),
  trainerPath: join(import.meta.dirname, 'shell/utilityTrainerProcess.js'),
  platform: process.platform,
  open: openWorkbench,
});
