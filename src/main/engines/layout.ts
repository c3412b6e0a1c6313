import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { AfterimageError } from '../../core/errors.ts';
import {
  engineManifestName,
  engineManifestSchema,
  installationSchema,
} from '../../shared/nativeEngine.ts';
import type { EngineManifest, EngineStatus } from '../../shared/nativeEngine.ts';
import { codeOf } from '../platform/errors.ts';
import { moveIntoPlace } from '../platform/files.ts';
import { makeFolder } from '../platform/folders.ts';
import { nameUnfinished, removeAbandoned } from '../platform/unfinished.ts';
import { reinstallAdvice } from './advice.ts';
import { saveJson, toWriteError } from './files.ts';
import type { Host } from './host.ts';
import { machine } from './host.ts';

/** `DATA_DIR/engines`: installed engines, unfinished ones, downloads, and the pointer to the one in use. */
export const enginesFolder = (dataDir: string): string => join(dataDir, 'engines');
/** Wheels and tarballs, kept until they are installed. */
export const downloadsFolder = (dataDir: string): string => join(dataDir, 'engines', 'downloads');

const installedPrefix = 'native-';

const currentPath = (dataDir: string): string => join(enginesFolder(dataDir), 'current.json');
const currentSchema = z.object({
  folder: z.string().refine((name) => name.startsWith(installedPrefix) && basename(name) === name),
});

/** An installed engine, as `current.json` points to it. */
export interface InstalledEngine {
  /** Absolute, if the data folder is. */
  folder: string;
  manifest: EngineManifest;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
    throw error;
  }
}

/**
 * The installed native engine, or null if none is. Reads two small files and checks nothing else.
 * Throws ENGINE_UNAVAILABLE if these cannot be understood.
 */
export async function findCurrentEngine(dataDir: string): Promise<InstalledEngine | null> {
  try {
    const pointer = await readJson(currentPath(dataDir));
    if (pointer === null) return null;
    const folder = join(enginesFolder(dataDir), currentSchema.parse(pointer).folder);
    const manifest = engineManifestSchema.parse(await readJson(join(folder, engineManifestName)));
    return { folder, manifest };
  } catch (error) {
    throw new AfterimageError(
      'ENGINE_UNAVAILABLE',
      `The native engine's installation in ${enginesFolder(dataDir)} is incomplete.`,
      reinstallAdvice,
      error,
    );
  }
}

/** Manifest of the installed native engine, or null if none is; see `findCurrentEngine`. */
export async function currentEngine(dataDir: string): Promise<EngineManifest | null> {
  return (await findCurrentEngine(dataDir))?.manifest ?? null;
}

async function findNativeStatus(dataDir: string, host: Host): Promise<EngineStatus> {
  const unavailable = (reason: string): EngineStatus => ({
    name: 'native',
    available: false,
    reason,
    manifest: null,
  });
  try {
    const engine = await findCurrentEngine(dataDir);
    if (engine === null) return unavailable('It is not installed: `engine install` installs it.');
    const manifest = installationSchema.parse(engine.manifest);
    if (manifest.platform !== host.platform || manifest.arch !== host.arch) {
      const built = `${manifest.platform} ${manifest.arch}`;
      return unavailable(`It was installed for ${built}, this is ${host.platform} ${host.arch}.`);
    }
    return { name: 'native', available: true, reason: null, manifest };
  } catch (error) {
    if (error instanceof AfterimageError) return unavailable(`${error.message} ${error.remedy}`);
    throw error;
  }
}

/** Both engines and whether they can be chosen; a cheap look, `doctor` is the test. */
export async function engineStatus(dataDir: string, host: Host = machine): Promise<EngineStatus[]> {
  return [
    await findNativeStatus(dataDir, host),
    { name: 'wasm', available: true, reason: null, manifest: null },
  ];
}

async function listNames(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Makes an empty folder for an engine under construction; removes those of processes that died. */
export async function beginEngine(dataDir: string): Promise<string> {
  const engines = enginesFolder(dataDir);
  await removeAbandoned(engines);
  const folder = nameUnfinished(engines);
  makeFolder(folder);
  return folder;
}

/**
 * Gives a finished engine its name, `native-VERSION-cpu|gpu` (with a number where one of that name is
 * there already), points `current.json` to it, and removes the engines before it.
 */
export async function finishEngine(
  dataDir: string,
  partial: string,
  manifest: EngineManifest,
): Promise<InstalledEngine> {
  const engines = enginesFolder(dataDir);
  const taken = new Set(await listNames(engines));
  const base = `${installedPrefix}${manifest.tensorflow}-${manifest.gpu ? 'gpu' : 'cpu'}`;
  let name = base;
  for (let i = 2; taken.has(name); i += 1) name = `${base}-${i}`;
  await saveJson(join(partial, engineManifestName), manifest);
  await moveIntoPlace(partial, join(engines, name));
  await saveJson(currentPath(dataDir), { folder: name });
  await removeFolders(dataDir, (other) => other.startsWith(installedPrefix) && other !== name);
  return { folder: join(engines, name), manifest };
}

async function removeFolders(
  dataDir: string,
  isUnwanted: (name: string) => boolean,
): Promise<string[]> {
  const names = (await listNames(enginesFolder(dataDir))).filter(isUnwanted);
  for (const name of names) {
    await rm(join(enginesFolder(dataDir), name), { recursive: true, force: true });
  }
  return names;
}

/** Removes the native engine and its downloads; returns whether there was one. Throws READ_ONLY. */
export async function removeEngine(dataDir: string): Promise<boolean> {
  try {
    await rm(currentPath(dataDir), { force: true });
    await rm(downloadsFolder(dataDir), { recursive: true, force: true });
    return (await removeFolders(dataDir, (name) => name.startsWith(installedPrefix))).length > 0;
  } catch (error) {
    throw toWriteError(error, enginesFolder(dataDir));
  }
}
