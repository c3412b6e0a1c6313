import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { engineManifestName } from '../../shared/nativeEngine.ts';
import type { EngineManifest } from '../../shared/nativeEngine.ts';
import { makeFolder, privateFolderMode } from '../platform/folders.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import { engineUnavailable } from './advice.ts';
import { checkEngine } from './check.ts';
import { compileBinding, findToolchain } from './compile.ts';
import { describeFiles, saveJson, toWriteError } from './files.ts';
import { listGpus } from './gpu.ts';
import type { Host } from './host.ts';
import { machine } from './host.ts';
import { beginEngine, downloadsFolder, enginesFolder, finishEngine } from './layout.ts';
import type { InstalledEngine } from './layout.ts';
import { copyInstalled } from './installedSource.ts';
import type { InstallContext } from './progress.ts';
import { supportsGpu } from './releases.ts';
import { stageLibrary, stagePrebuilt } from './sources.ts';
import type { StageRequest } from './sources.ts';
import { buildFolder } from './stage.ts';
import type { Staged } from './stage.ts';

/** Progress counts bytes while downloading, unpacking and checking. */
export interface InstallOptions extends LongTaskOptions {
  dataDir: string;
  /** Whether to install the CUDA build; by default whether `nvidia-smi` lists a GPU. */
  gpu?: boolean | undefined;
  /** Folder of an installed engine, folder or tarball of libtensorflow, or a wheel of tensorflow or tensorflow_cpu. */
  from?: string | undefined;
  /** Told in one line which source is tried, and why one was not used. */
  onMessage?: (line: string) => void;
}

/** A GPU may compile its kernels at first use. */
const checkTimeoutMs = (gpu: boolean): number => (gpu ? 600_000 : 180_000);

async function decideGpu({ gpu, from, signal }: InstallOptions, host: Host): Promise<boolean> {
  if (gpu === undefined) return supportsGpu(host) && (await listGpus(host, signal)).length > 0;
  if (gpu && from === undefined && !supportsGpu(host)) {
    throw engineUnavailable(
      `TensorFlow publishes no CUDA build for ${host.platform} ${host.arch}.`,
      'Install without --gpu.',
    );
  }
  return gpu;
}

/** Library and compiled binding in `request.folder`, without what only the compiler needed. */
async function buildEngine(
  request: StageRequest,
): Promise<{ staged: Staged; versions: Record<string, string> }> {
  const { host, folder, context } = request;
  if (host.platform === 'win32') return { staged: await stagePrebuilt(request), versions: {} };
  const toolchain = await findToolchain(host, context.signal);
  const staged = await stageLibrary(request);
  const step = `compile ${toolchain.compiler}`;
  context.onProgress({ step, done: 0, total: 1 });
  await compileBinding(host, toolchain, folder, context.signal);
  context.onProgress({ step, done: 1, total: 1 });
  await rm(join(folder, buildFolder), { recursive: true, force: true });
  return { staged, versions: toolchain.versions };
}

async function describeEngine(
  { host, folder, gpu, context }: StageRequest,
  { source, version }: Staged,
  versions: Record<string, string>,
): Promise<EngineManifest> {
  let done = 0;
  const onBytes = (bytes: number): void => {
    done += bytes;
    context.onProgress({ step: 'check checksums', done, total: null });
  };
  return {
    format: 'afterimage-native-engine-1',
    tensorflow: version ?? 'unknown',
    gpu,
    platform: host.platform,
    arch: host.arch,
    source,
    versions,
    installedAt: new Date().toISOString(),
    files: await describeFiles(folder, { signal: context.signal, onBytes }),
  };
}

/** An engine that is installed elsewhere, if that is what the user named, else one that is built here. */
async function bringEngine(
  request: StageRequest,
  wantsGpu: boolean | undefined,
): Promise<EngineManifest> {
  const { from } = request;
  const copied = from === undefined ? null : await copyInstalled({ ...request, from }, wantsGpu);
  if (copied !== null) return copied;
  const { staged, versions } = await buildEngine(request);
  return describeEngine(request, staged, versions);
}

/** Brings an engine into the request's folder, loads it once and returns its manifest. */
async function makeEngine(
  request: StageRequest,
  wantsGpu: boolean | undefined,
): Promise<EngineManifest> {
  const { host, folder, context } = request;
  const manifest = await bringEngine(request, wantsGpu);
  const { gpu } = manifest;
  await saveJson(join(folder, engineManifestName), manifest);
  context.onMessage('Loading the engine and checking its numbers.');
  const { loaded } = await checkEngine(host, folder, {
    threads: availableParallelism(),
    gpu,
    timeoutMs: checkTimeoutMs(gpu),
    signal: context.signal,
  });
  return { ...manifest, tensorflow: loaded.tensorflow };
}

/**
 * Installs TensorFlow's C library and its compiled binding into the data folder and makes it the
 * native engine, once it has been loaded and has computed a test step rightly. Until then, and where
 * it fails, an engine installed before stays as it is; downloads are kept for the next attempt.
 * Throws ENGINE_UNAVAILABLE, NO_NETWORK, INVALID_ARGUMENT, NOT_FOUND, CORRUPT_INPUT, DISK_FULL,
 * READ_ONLY, or the signal's reason.
 */
export async function installEngine(
  options: InstallOptions,
  host: Host = machine,
): Promise<InstalledEngine> {
  const { dataDir, from, signal } = options;
  const context: InstallContext = {
    onProgress: options.onProgress ?? (() => undefined),
    onMessage: options.onMessage ?? (() => undefined),
    signal,
  };
  const downloads = downloadsFolder(dataDir);
  let folder: string | null = null;
  try {
    const gpu = await decideGpu(options, host);
    makeFolder(enginesFolder(dataDir), privateFolderMode);
    folder = await beginEngine(dataDir);
    const manifest = await makeEngine({ host, folder, downloads, gpu, from, context }, options.gpu);
    const engine = await finishEngine(dataDir, folder, manifest);
    await rm(downloads, { recursive: true, force: true });
    return engine;
  } catch (error) {
    throw toWriteError(error, enginesFolder(dataDir));
  } finally {
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  }
}
