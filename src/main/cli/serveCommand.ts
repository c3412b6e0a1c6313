import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import { interruption, runLoopbackHost } from '../loopbackHost.ts';
import { wholeNumber } from './arguments.ts';
import { ensurePages } from './buildPages.ts';
import { chooseDataDir } from './dataDir.ts';
import { terminalOutput } from './output.ts';
import type { CommonOptions } from './session.ts';

const openers: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Opens a page in the user's browser; an address has been printed, so a failure is no error. */
function openInBrowser(path: string): void {
  const [command = '', ...words] = openers[process.platform] ?? ['xdg-open'];
  spawn(command, [...words, path], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}

/** Tells the first address, and those that follow when one has been used. */
function createAnnouncement(json: boolean): (url: string) => void {
  let isFirst = true;
  return (url) => {
    const wasFirst = isFirst;
    isFirst = false;
    if (!wasFirst) terminalOutput.note(`That address has been used. For another browser: ${url}`);
    else if (json) terminalOutput.json({ url });
    else terminalOutput.text(`Afterimage runs at ${url}\nCtrl-C pauses what trains and ends.`);
  };
}

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('the workbench for a browser on this machine, or through ssh -L from another')
    .option('--port <n>', '4610 unless given, or any free one', wholeNumber(0, 65_535))
    .option('--open', 'open it in the browser')
    .action(async (options: { port?: number; open?: boolean }, command: Command) => {
      const { dataDir, json }: CommonOptions = command.optsWithGlobals();
      await ensurePages(terminalOutput.note);
      await runLoopbackHost({
        dataDir: chooseDataDir(dataDir),
        port: options.port,
        signal: interruption(),
        ready: createAnnouncement(json === true),
        ...(options.open === true && { show: openInBrowser }),
      });
    });
}
