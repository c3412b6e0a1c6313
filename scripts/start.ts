/**
 * `npm start`: the workbench in its own window where Electron's binary and a display are there, else
 * in a browser. `--data-dir DIR` and `--port N` as for the command line.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chooseDataDir } from '../src/main/cli/dataDir.ts';
import { AfterimageError } from '../src/core/errors.ts';
import { ensureRenderer, ensureShell } from './builds.ts';
import { electronAdvice, findElectron } from './electronBinary.ts';

const { values } = parseArgs({
  options: { 'data-dir': { type: 'string' }, port: { type: 'string' } },
});
const dataDir = chooseDataDir(values['data-dir']);

const hasDisplay =
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);

async function openWindow(electron: string): Promise<void> {
  await ensureShell();
  const root = join(import.meta.dirname, '..');
  const env = { ...process.env };
  delete env['ELECTRON_RUN_AS_NODE'];
  const child = spawn(electron, [root, '--data-dir', dataDir], { stdio: 'inherit', env });
  process.exitCode = await new Promise<number>((resolve) => {
    child.on('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}

async function serve(reason: string): Promise<void> {
  await ensureRenderer();
  // Loaded only here: the window has a workbench of its own.
  const { interruption, runLoopbackHost } = await import('../src/main/loopbackHost.ts');
  let hasAddress = false;
  await runLoopbackHost({
    dataDir,
    port: values.port === undefined ? undefined : Number(values.port),
    signal: interruption(),
    ready: (url) => {
      if (hasAddress) {
        console.error(`That address has been used. For another browser:\n\n  ${url}\n`);
        return;
      }
      hasAddress = true;
      console.error(
        `\n${reason}\nAfterimage runs; open it in a browser on this machine:\n\n  ${url}\n`,
      );
      console.error(
        `From another machine: ssh -L ${new URL(url).port}:127.0.0.1:${new URL(url).port} HOST`,
      );
      console.error('Ctrl-C pauses what trains and ends.');
    },
  });
}

const electron = findElectron();
try {
  if (electron === null) await serve(`Electron's binary is not here. ${electronAdvice}`);
  else if (!hasDisplay) await serve('There is no display for a window.');
  else await openWindow(electron);
} catch (error) {
  const remedy = error instanceof AfterimageError ? ` ${error.remedy}` : '';
  console.error(error instanceof Error ? error.message + remedy : error);
  process.exitCode = 1;
}
