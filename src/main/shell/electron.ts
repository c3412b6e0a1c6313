import type * as ElectronModule from 'electron';

/**
 * What the shell uses of Electron. It is handed in, never imported, so that the shell can be tried
 * where Electron's binary is not.
 */
export type Electron = Pick<
  typeof ElectronModule,
  | 'app'
  | 'BrowserWindow'
  | 'dialog'
  | 'ipcMain'
  | 'Menu'
  | 'protocol'
  | 'screen'
  | 'session'
  | 'shell'
  | 'utilityProcess'
>;
