import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { runCommand } from '../platform/commands.ts';

/** The machine that an engine is installed on; tests give another one. */
export interface Host {
  platform: NodeJS.Platform;
  arch: string;
  run: typeof runCommand;
  fetch: typeof fetch;
  /** Folder of an installed npm package; null if it is not installed. */
  findPackage: (name: string) => string | null;
  /** Text of /etc/os-release; empty where there is none. */
  osRelease: () => Promise<string>;
}

/** This machine. */
export const machine: Host = {
  platform: process.platform,
  arch: process.arch,
  run: runCommand,
  fetch,
  findPackage(name) {
    try {
      const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
      // A compiler cannot read inside a packaged application's archive; its sources lie beside it.
      return folder.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked');
    } catch {
      return null;
    }
  },
  async osRelease() {
    try {
      return await readFile('/etc/os-release', 'utf8');
    } catch {
      return '';
    }
  },
};
