/**
 * `npm run package -- --check`: packs the application around Node in the place of Electron's binary, which need
 * not be here, says what is wrong with what was packed, and has it train. The folder is removed at the end.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, Platform } from 'electron-builder';
import { extractAll, getRawHeader } from '@electron/asar';
import { configuration } from '../electron-builder.config.ts';
import { runShell } from '../test/e2e/electronStandIn/runShell.ts';
import { ensureShell } from './builds.ts';
import { writeNotices } from './notices.ts';
import { findFaults, type PackagedFile } from './packagedFiles.ts';

const root = join(import.meta.dirname, '..');

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
function listTools(): Set<string> {
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

/** Node in the place of Electron: packing copies and renames it, and commands run on it. */
function makeStandIn(folder: string): string {
  const dist = join(folder, 'electron');
  mkdirSync(dist);
  for (const name of ['chrome_crashpad_handler', 'LICENSE', 'version']) {
    writeFileSync(join(dist, name), 'stand-in');
  }
  copyFileSync(process.execPath, join(dist, 'electron'));
  return dist;
}

/** Packs for Linux into a folder; `application` is what an installer would install. */
async function pack(folder: string): Promise<{ application: string; archive: string }> {
  await ensureShell();
  writeNotices(root);
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
  const application = join(folder, 'dist/linux-unpacked');
  return { application, archive: join(application, 'resources/app.asar') };
}

/** A folder in the place of an archive, which Electron alone looks into. */
function openArchive(archive: string): void {
  const opened = `${archive}.opened`;
  extractAll(archive, opened);
  rmSync(archive);
  renameSync(opened, archive);
}

/**
 * Packs the application for Linux so that its commands run on Node.
 *
 * @returns the folder that an installer would install, with `bin/afterimage` in it
 */
export async function packForNode(folder: string): Promise<string> {
  const { application, archive } = await pack(folder);
  openArchive(archive);
  return application;
}

/** What of the packaged command line does not work: a run of one epoch, a figure of it and its numbers. */
function tryCommands(application: string, folder: string): string[] {
  const spec = join(folder, 'curves.json');
  writeFileSync(spec, JSON.stringify({ template: 'training-curves', runs: ['packed'] }));
  const small = ['epochs=1', 'trainExamples=128', 'testExamples=64'];
  const commands = [
    ['train', '--preset', 'mnist-c', '--name', 'packed', '--engine', 'wasm'].concat(
      small.flatMap((setting) => ['--set', setting]),
    ),
    ['figure', spec, '--out', join(folder, 'curves.pdf')],
    ['runs', 'export', 'packed', '--format', 'parquet', '--out', join(folder, 'packed')],
  ];
  for (const words of commands) {
    const all = [...words, '--data-dir', join(folder, 'data')];
    const { status, stderr } = spawnSync(join(application, 'bin/afterimage'), all, {
      encoding: 'utf8',
    });
    if (status !== 0) return [`the packed command ${words.join(' ')} fails: ${stderr.trim()}`];
  }
  return [];
}

/** Why the packed shell does not open its window and train from it, with Electron stood in for. */
function tryWindow(application: string, folder: string): string[] {
  const shell = join(application, 'resources/app.asar/out/main/index.js');
  const { status, stdout, stderr } = runShell(shell, join(folder, 'window'));
  const isTrained = status === 0 && stdout.includes('completed');
  return isTrained ? [] : [`the packed window does not train: ${stderr.trim()}${stdout.trim()}`];
}

/** @returns faults, and the bytes of what was packed */
export async function checkPackage(): Promise<{ faults: string[]; bytes: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'afterimage-package-'));
  try {
    const { application, archive } = await pack(folder);
    const files = listFiles(getRawHeader(archive).header);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    openArchive(archive);
    const faults = [
      ...findFaults(files, listTools()),
      ...tryCommands(application, folder),
      ...tryWindow(application, folder),
    ];
    return { faults, bytes };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
