import { EventEmitter } from 'node:events';
import type { BrowserWindowConstructorOptions, MenuItemConstructorOptions } from 'electron';
import type { Electron } from '../../../src/main/shell/electron.ts';

/** An event whose default can be prevented, as Electron passes them. */
export function preventable<Details extends object>(
  details?: Details,
): Details & { preventDefault: () => void; defaultPrevented: boolean } {
  const event = {
    defaultPrevented: false,
    preventDefault: () => {
      event.defaultPrevented = true;
    },
  };
  return Object.assign(event, details);
}

interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

export class ContentsDouble extends EventEmitter {
  mainFrame = { origin: 'app://workbench' };
  visited: string[] = [];
  openHandler: ((details: { url: string }) => { action: string }) | null = null;
  navigationHistory = {
    goBack: () => this.visited.push('back'),
    goForward: () => this.visited.push('forward'),
  };
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }
}

export class WindowDouble extends EventEmitter {
  readonly options: BrowserWindowConstructorOptions;
  readonly webContents = new ContentsDouble();
  readonly progress: number[] = [];
  shown = false;
  maximized = false;
  minimized = false;
  focused = 0;
  bounds: Rectangle = { x: 10, y: 20, width: 1280, height: 800 };
  readonly #double: ElectronDouble;

  constructor(double: ElectronDouble, options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
    this.#double = double;
    double.windows.push(this);
    double.app.emit('web-contents-created', {}, this.webContents);
  }
  loadURL(url: string): Promise<void> {
    this.webContents.visited.push(url);
    return Promise.resolve();
  }
  reload(): void {
    this.webContents.visited.push('reload');
  }
  close(): void {
    const event = preventable();
    this.emit('close', event);
    if (event.defaultPrevented) return;
    const { windows, app, quitting } = this.#double;
    windows.splice(windows.indexOf(this), 1);
    this.emit('closed');
    if (windows.length === 0 && !quitting) app.emit('window-all-closed');
  }
  show(): void {
    this.shown = true;
  }
  focus(): void {
    this.focused += 1;
  }
  maximize(): void {
    this.maximized = true;
  }
  isMaximized(): boolean {
    return this.maximized;
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  restore(): void {
    this.minimized = false;
  }
  getNormalBounds(): Rectangle {
    return this.bounds;
  }
  setProgressBar(share: number): void {
    this.progress.push(share);
  }
}

interface WindowClass {
  new (options: BrowserWindowConstructorOptions): WindowDouble;
  getAllWindows: () => WindowDouble[];
}

function windowClass(double: ElectronDouble): WindowClass {
  return class extends WindowDouble {
    constructor(options: BrowserWindowConstructorOptions) {
      super(double, options);
    }
    static getAllWindows(): WindowDouble[] {
      return [...double.windows];
    }
  };
}

/**
 * Electron's API as the shell uses it: it keeps what it is given, and plays the order of events that
 * Electron documents for closing windows and quitting.
 */
export class ElectronDouble {
  /** What was called on `app`, `protocol` and `dialog`, in order. */
  readonly calls: string[] = [];
  readonly windows: WindowDouble[] = [];
  readonly paths: Record<string, string> = {};
  readonly external: string[] = [];
  readonly badges: number[] = [];
  lockIsFree = true;
  /** While quitting, the last window's end is not announced. */
  quitting = false;
  workArea: Rectangle = { x: 0, y: 0, width: 1920, height: 1080 };
  menu: MenuItemConstructorOptions[] = [];
  schemes: object[] = [];
  serve: ((request: Request) => Response) | null = null;
  prompts: { message: string; buttons: string[]; cancelId: number }[] = [];
  answer = Promise.withResolvers<number>();
  /** Windows and options of the dialogs that asked for a path, and what was chosen in them. */
  readonly openings: unknown[][] = [];
  chosen = { canceled: true, filePaths: [] as string[] };

  readonly app = Object.assign(new EventEmitter(), {
    isPackaged: true,
    enableSandbox: () => this.calls.push('enableSandbox'),
    setPath: (name: string, path: string) => {
      this.paths[name] = path;
    },
    getPath: (name: string) => this.paths[name] ?? `/home/ada/${name}`,
    requestSingleInstanceLock: () => {
      this.calls.push(`requestSingleInstanceLock in ${this.paths['userData'] ?? 'default'}`);
      return this.lockIsFree;
    },
    whenReady: () => {
      this.calls.push('whenReady');
      return Promise.resolve();
    },
    setBadgeCount: (count: number) => this.badges.push(count),
    exit: (code: number) => this.calls.push(`exit ${code}`),
    quit: () => {
      this.calls.push('quit');
      const beforeQuit = preventable();
      this.app.emit('before-quit', beforeQuit);
      if (beforeQuit.defaultPrevented) return;
      this.quitting = true;
      for (const window of [...this.windows]) window.close();
      this.quitting = false;
      if (this.windows.length > 0) return;
      const willQuit = preventable();
      this.app.emit('will-quit', willQuit);
      if (!willQuit.defaultPrevented) this.calls.push('ended');
    },
  });

  readonly BrowserWindow = windowClass(this);

  readonly dialog = {
    showMessageBox: (...parts: unknown[]) => {
      this.prompts.push(parts.at(-1) as (typeof this.prompts)[number]);
      return this.answer.promise.then((response) => ({ response }));
    },
    showOpenDialog: (...parts: unknown[]) => {
      this.openings.push(parts);
      return Promise.resolve(this.chosen);
    },
    showErrorBox: (title: string, text: string) => this.calls.push(`error: ${title}: ${text}`),
  };

  readonly ipcMain = new EventEmitter();
  readonly Menu = {
    buildFromTemplate: (template: MenuItemConstructorOptions[]) => template,
    setApplicationMenu: (template: MenuItemConstructorOptions[]) => {
      this.menu = template;
    },
  };
  readonly protocol = {
    registerSchemesAsPrivileged: (schemes: object[]) => {
      this.calls.push('registerSchemes');
      this.schemes = schemes;
    },
    handle: (scheme: string, handler: (request: Request) => Response) => {
      this.calls.push(`handle ${scheme}`);
      this.serve = handler;
    },
  };
  readonly screen = { getAllDisplays: () => [{ workArea: this.workArea }] };
  readonly shell = {
    openExternal: (url: string) => {
      this.external.push(url);
      return Promise.resolve();
    },
  };
  readonly defaultSession = Object.assign(new EventEmitter(), {
    requestHandler: null as
      ((c: null, name: string, done: (granted: boolean) => void, details: object) => void) | null,
    checkHandler: null as ((c: null, name: string, origin: string) => boolean) | null,
    deviceHandler: null as (() => boolean) | null,
    cancelled: [] as string[],
    setPermissionRequestHandler(handler: never) {
      this.requestHandler = handler;
    },
    setPermissionCheckHandler(handler: never) {
      this.checkHandler = handler;
    },
    setDevicePermissionHandler(handler: never) {
      this.deviceHandler = handler;
    },
    webRequest: {
      onBeforeRequest: (
        { urls }: { urls: string[] },
        listener: (d: null, done: (answer: { cancel: boolean }) => void) => void,
      ) => {
        listener(null, ({ cancel }) => {
          if (cancel) this.defaultSession.cancelled.push(...urls);
        });
      },
    },
  });
  readonly session = { defaultSession: this.defaultSession };
  readonly utilityProcess = { fork: () => new EventEmitter() };

  /** As the shell is handed it. */
  get electron(): Electron {
    return this as unknown as Electron;
  }
}
