/**
 * `npm run package -- --check`: packs the application around a stand-in for Electron's binary, which need not
 * be here, and says what is wrong with what was packed. The folder is removed at the end.
 */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, Platform } from 'electron-builder';
import { getRawHeader } from '@electron/asar';
import { configuration } from '../electron-builder.config.ts';
import { findFaults, type PackagedFile } from './packagedFiles.ts';

interface Entry {
  files?: Record<string, Entry>;
  size?: number;
  unpacked?: boolean;
}

/** Every file of an archive's header. */
function listFiles({ files = {} }: Entry, folder = ''): PackagedFile[] {
  return Object.entries(files).flatMap(([name, entry]) => {
    const path = `${folder}${name}`;
    if (entry.files !== undefined) return listFiles(entry, `${path}/`);
    return [{ path, bytes: entry.size ?? 0, isUnpacked: entry.unpacked === true }];
  });
}

/** Packages that the lock file says only developers need. */
function listTools(root: string): Set<string> {
  const { packages } = JSON.parse(
    readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8'),
  ) as { packages: Record<string, { dev?: boolean }> };
  const names = Object.entries(packages).map(([path, { dev }]) => ({
    name: path.replace(/^.*node_modules\//, ''),
    dev: dev === true,
  }));
  const shipped = new Set(names.flatMap(({ name, dev }) => (dev ? [] : name)));
  return new Set(names.flatMap(({ name, dev }) => (dev && !shipped.has(name) ? name : [])));
}

/** Something in the place of Electron: packing copies and renames it, and never runs it. */
function makeStandIn(folder: string): string {
  const dist = join(folder, 'electron');
  mkdirSync(dist);
  for (const name of ['electron', 'chrome_crashpad_handler', 'LICENSE', 'version']) {
    writeFileSync(join(dist, name), 'stand-in');
  }
  chmodSync(join(dist, 'electron'), 0o755);
  return dist;
}

/** @returns faults, and the bytes of what was packed */
export async function checkPackage(root: string): Promise<{ faults: string[]; bytes: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'afterimage-package-'));
  try {
    const { version } = createRequire(import.meta.url)('electron/package.json') as {
      version: string;
    };
    await build({
      targets: Platform.LINUX.createTarget('dir'),
      config: {
        ...configuration,
        electronDist: makeStandIn(folder),
        electronVersion: version,
        // There is no binary to burn them into.
        electronFuses: null,
        directories: { ...configuration.directories, output: join(folder, 'dist') },
      },
    });
    const archive = join(folder, 'dist/linux-unpacked/resources/app.asar');
    const files = listFiles(getRawHeader(archive).header);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return { faults: findFaults(files, listTools(root)), bytes };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
