import { copyFile, readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AfterimageError } from '../../core/errors.ts';
import { engineBindingName } from '../../shared/nativeEngine.ts';
import { saveFile, sizeOf } from '../platform/files.ts';
import { makeFolder } from '../platform/folders.ts';
import { computeFileChecksum } from '../platform/hashes.ts';
import { embeddedEngineAdvice, engineUnavailable, missingTool } from './advice.ts';
import type { Host } from './host.ts';
import { downloadWheel, findPip } from './pip.ts';
import type { InstallContext } from './progress.ts';
import { findTarballRelease, findWheelRelease } from './releases.ts';
import { stageCudaWheel, stageFrom, stageTarball, stageWheel } from './stage.ts';
import type { Staged } from './stage.ts';
import { downloadTarball } from './tarball.ts';

/** What is to be put where. */
export interface StageRequest {
  host: Host;
  /** Empty folder of the engine under construction. */
  folder: string;
  /** Where downloads are kept until they are installed. */
  downloads: string;
  gpu: boolean;
  /** The user's own folder, wheel or tarball. */
  from: string | undefined;
  context: InstallContext;
}

const platformOf = ({ platform, arch }: Host): string => `${platform} ${arch}`;

async function requirePip({ host, context }: StageRequest): Promise<string> {
  const python = await findPip(host, context.signal);
  if (python !== null) return python;
  throw await missingTool(host, 'There is no Python with pip on this machine.');
}

/** A downloaded wheel of a distribution whose noted checksum is still right. */
async function findDownloaded(downloads: string, distribution: string): Promise<string | null> {
  const names = await readdir(downloads).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(`${distribution}-`) || !name.endsWith('.whl')) continue;
    const path = join(downloads, name);
    const noted = await readFile(`${path}.sha256`, 'utf8').catch(() => '');
    if (noted === (await computeFileChecksum(path, 'sha256'))) return path;
  }
  return null;
}

/** Downloads and unpacks the CUDA run-time wheels that a wheel of TensorFlow names. */
async function stageCuda(
  request: StageRequest,
  requirements: readonly string[],
  findLinks?: string,
): Promise<void> {
  const { host, folder, downloads, context } = request;
  const platformTags = findWheelRelease(host, true)?.platformTags;
  if (platformTags === undefined) {
    throw engineUnavailable(
      `There are no CUDA libraries for ${platformOf(host)}.`,
      'Install without --gpu.',
    );
  }
  for (const requirement of requirements) {
    const [name = requirement] = /^[\w.-]+/.exec(requirement) ?? [];
    let path = await findDownloaded(downloads, name.replaceAll(/[-.]/g, '_'));
    if (path === null) {
      const wanted = { requirement, platformTags, findLinks, bytes: null };
      path = await downloadWheel(host, await requirePip(request), wanted, downloads, context);
      await saveFile(
        `${path}.sha256`,
        await computeFileChecksum(path, 'sha256', { signal: context.signal }),
      );
    }
    await stageCudaWheel(path, folder, context);
  }
}

async function stageFromUser(request: StageRequest, from: string): Promise<Staged> {
  const { host, folder, gpu, context } = request;
  const staged = await stageFrom(host, from, folder, context);
  if (gpu && staged.cudaRequirements.length > 0) {
    await stageCuda(request, staged.cudaRequirements, dirname(from));
  }
  return staged;
}

async function stageFromPip(request: StageRequest): Promise<Staged> {
  const { host, folder, downloads, gpu, context } = request;
  const release = findWheelRelease(host, gpu);
  if (release === undefined) {
    throw engineUnavailable(
      `TensorFlow publishes no ${gpu ? 'CUDA ' : ''}wheel for ${platformOf(host)}.`,
      embeddedEngineAdvice,
    );
  }
  let path = join(downloads, release.fileName);
  const isDownloaded =
    (await sizeOf(path)) === release.bytes &&
    (await computeFileChecksum(path, 'sha256', { signal: context.signal })) === release.sha256;
  if (!isDownloaded) {
    path = await downloadWheel(host, await requirePip(request), release, downloads, context);
  }
  const staged = await stageWheel(host, path, folder, context);
  if (gpu) await stageCuda(request, staged.cudaRequirements);
  return staged;
}

async function stageFromTarball(request: StageRequest): Promise<Staged> {
  const { host, folder, downloads, gpu, context } = request;
  const release = findTarballRelease(host, gpu);
  if (release === undefined) {
    throw engineUnavailable(
      `TensorFlow publishes no C library for ${platformOf(host)}.`,
      embeddedEngineAdvice,
    );
  }
  const path = join(downloads, basename(new URL(release.url).pathname));
  await downloadTarball(host, release, path, context);
  return stageTarball(host, path, folder, context);
}

/** Copies the library that the binding's package brought along; its makers publish it for Windows. */
export async function stagePrebuilt({ host, folder }: StageRequest): Promise<Staged> {
  const home = host.findPackage('@tensorflow/tfjs-node-gpu');
  const prebuilt = join(home ?? '', 'lib', 'napi-v8');
  if (home === null || (await sizeOf(join(prebuilt, engineBindingName))) === null) {
    throw engineUnavailable(
      'On Windows Afterimage stays on its embedded engine: the native one is not built there.',
      embeddedEngineAdvice,
    );
  }
  for (const source of [prebuilt, join(home, 'deps', 'lib')]) {
    const names = await readdir(source).catch(() => []);
    for (const name of names.filter((file) => /\.(node|dll)$/.test(file))) {
      await copyFile(join(source, name), join(folder, name));
    }
  }
  return { source: '@tensorflow/tfjs-node-gpu', version: null, cudaRequirements: [] };
}

/** Errors of a source that the next source may not have. */
const sourceErrors = ['NO_NETWORK', 'ENGINE_UNAVAILABLE', 'CORRUPT_INPUT'];

function allFailed(failures: { name: string; error: AfterimageError }[]): AfterimageError {
  const [first] = failures;
  const reasons = failures.map(({ name, error }) => `${name}: ${error.message}`);
  return new AfterimageError(
    failures.every(({ error }) => error.code === 'NO_NETWORK')
      ? 'NO_NETWORK'
      : 'ENGINE_UNAVAILABLE',
    `TensorFlow's library cannot be had. ${reasons.join(' ')}`,
    first?.error.remedy ?? embeddedEngineAdvice,
  );
}

/**
 * Puts library and headers in place: from what the user named, and from nothing else if he did;
 * otherwise from pip, then from TensorFlow's own tarball. Throws the reasons of all that were tried.
 */
export async function stageLibrary(request: StageRequest): Promise<Staged> {
  const { from, folder, downloads, context } = request;
  makeFolder(downloads);
  if (from !== undefined) return stageFromUser(request, from);
  const sources = [
    { name: 'pip', stage: stageFromPip },
    { name: 'libtensorflow', stage: stageFromTarball },
  ];
  const failures: { name: string; error: AfterimageError }[] = [];
  for (const { name, stage } of sources) {
    try {
      context.onMessage(`Taking TensorFlow's library from ${name}.`);
      return await stage(request);
    } catch (error) {
      if (!(error instanceof AfterimageError) || !sourceErrors.includes(error.code)) throw error;
      context.onMessage(`${name}: ${error.message}`);
      failures.push({ name, error });
      await rm(folder, { recursive: true, force: true });
      makeFolder(folder);
    }
  }
  throw allFailed(failures);
}
