import type { BrowserWindow, MenuItemConstructorOptions } from 'electron';
import { shellOrigin } from '../../shared/portHandshake.ts';
import type { Electron } from './electron.ts';

/** The views that the menu leads to, with their paths and shortcuts. */
const views = [
  { label: 'Runs', path: '/', accelerator: 'CmdOrCtrl+1' },
  { label: 'Compare', path: '/compare', accelerator: 'CmdOrCtrl+2' },
  { label: 'Data', path: '/data', accelerator: 'CmdOrCtrl+3' },
  { label: 'Settings', path: '/settings', accelerator: 'CmdOrCtrl+,' },
];

/**
 * Installs the native menu. `show` gives the workbench's window, opening it where there is none: on
 * macOS, and while runs train in the background, the menu outlives it.
 */
export function installMenu(
  { Menu, app }: Electron,
  platform: NodeJS.Platform,
  show: () => BrowserWindow,
): void {
  const goTo = (path: string) => () => {
    void show().loadURL(shellOrigin + path);
  };
  const mac = platform === 'darwin';
  const separator = { type: 'separator' } as const;
  const template: MenuItemConstructorOptions[] = [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: 'File',
      submenu: [
        { label: 'New Run', accelerator: 'CmdOrCtrl+N', click: goTo('/new') },
        separator,
        mac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        ...views.map(({ label, path, accelerator }) => ({ label, accelerator, click: goTo(path) })),
        separator,
        {
          label: 'Back',
          accelerator: mac ? 'Cmd+[' : 'Alt+Left',
          click: goInHistory(show, 'goBack'),
        },
        {
          label: 'Forward',
          accelerator: mac ? 'Cmd+]' : 'Alt+Right',
          click: goInHistory(show, 'goForward'),
        },
        separator,
        { role: 'reload' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } as const]),
      ],
    },
    { role: 'windowMenu' },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

function goInHistory(show: () => BrowserWindow, direction: 'goBack' | 'goForward'): () => void {
  return () => {
    show().webContents.navigationHistory[direction]();
  };
}
