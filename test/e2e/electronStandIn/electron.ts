/** Electron for the built shell: the double, with trainers that are real processes. */
import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { ElectronDouble } from '../../main/shell/electronDouble.ts';

export const double = new ElectronDouble();

double.app.exit = (code) => process.exit(code);

Object.assign(double.utilityProcess, {
  fork: (entry: string, args: string[], { env }: { env: NodeJS.ProcessEnv }) => {
    const bootstrap = new URL('./utilityProcess.ts', import.meta.url).href;
    const child = fork(entry, args, {
      env,
      execArgv: ['--import', bootstrap],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const trainer = Object.assign(new EventEmitter(), {
      stdout: child.stdout,
      stderr: child.stderr,
      pid: child.pid,
      postMessage: (message: unknown) => child.send({ fromParent: message }),
      kill: () => child.kill(),
    });
    child.on('message', (message) => trainer.emit('message', message));
    child.on('exit', (code) => trainer.emit('exit', code));
    return trainer;
  },
});

export const {
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
} = double;
