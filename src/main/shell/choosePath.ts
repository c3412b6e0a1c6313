import type { BrowserWindow } from 'electron';
import type { WorkbenchApi } from '../router.ts';
import type { Electron } from './electron.ts';

/** Asks by the system's own dialog for the file or the folder of a data set. */
export const choosePathIn =
  (
    dialog: Electron['dialog'],
    findWindow: () => BrowserWindow | null,
  ): WorkbenchApi['datasets']['choose'] =>
  async ({ kind }) => {
    const window = findWindow();
    const options = {
      title: kind === 'file' ? 'Choose the file of a data set' : 'Choose the folder of a data set',
      buttonLabel: 'Choose',
      properties: [kind === 'file' ? ('openFile' as const) : ('openDirectory' as const)],
    };
    const asked = window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options);
    const { canceled, filePaths } = await asked;
    return { path: canceled ? null : (filePaths[0] ?? null) };
  };
