import { open, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { AfterimageError } from '../../../../core/errors.ts';
import {
  engineBindingName,
  engineManifestName,
  engineManifestSchema,
  nativeEnvironment,
} from '../../../../shared/nativeEngine.ts';
import type { EngineManifest } from '../../../../shared/nativeEngine.ts';
import type { NativeBackend, NativeBinding } from './nativeBackend.ts';
import { askForOneDnn } from './oneDnn.ts';

/** TensorFlow's backend, registered as tfjs's current one, and what it is. */
export interface LoadedBackend {
  backend: NativeBackend;
  /** TensorFlow's own version. */
  tensorflow: string;
  device: 'cpu' | 'gpu';
  /** Threads within an operation, and of operations at once. */
  threads: number;
  /** Of TensorFlow, tfjs and the binding. */
  versions: Record<string, string>;
}

type LoadedBinding = NativeBinding & { TF_Version: string };
interface KernelPackage {
  NodeJSKernelBackend: new (
    binding: LoadedBinding,
    packageName: string,
  ) => NativeBackend & tf.KernelBackend;
}

const nodeRequire = createRequire(import.meta.url);
const bindingPackage = '@tensorflow/tfjs-node-gpu';
const backendName = 'tensorflow';
const reinstall = 'Install the engine again with `engine install`.';

function unavailable(message: string, remedy: string, cause?: unknown): AfterimageError {
  return new AfterimageError('ENGINE_UNAVAILABLE', message, remedy, cause);
}

async function loadManifest(folder: string): Promise<EngineManifest> {
  const path = join(folder, engineManifestName);
  try {
    return engineManifestSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw unavailable(`There is no whole native engine in ${folder}.`, reinstall, error);
  }
}

function checkPlatform(folder: string, { platform, arch }: EngineManifest): void {
  if (platform === process.platform && arch === process.arch) return;
  const own = `${process.platform} ${process.arch}`;
  throw unavailable(
    `The native engine in ${folder} was installed for ${platform} ${arch}, this is ${own}.`,
    reinstall,
  );
}

/** A cheap look at the files: is each there, and as long as when it was installed? */
async function checkSizes(folder: string, { files }: EngineManifest): Promise<void> {
  for (const [name, { bytes }] of Object.entries(files)) {
    const path = join(folder, name);
    const info = await stat(path).catch(() => null);
    if (info === null) throw unavailable(`${path} is missing.`, reinstall);
    if (info.size !== bytes) {
      throw unavailable(`${path} is damaged: ${info.size} bytes instead of ${bytes}.`, reinstall);
    }
  }
}

/** e_machine of the ELF header by `process.arch`. */
const elfMachines: Record<string, number> = { x64: 62, arm64: 183 };

/** The loader reports a library for another processor as missing, so its header is read first. */
async function checkArchitecture(path: string): Promise<void> {
  const expected = elfMachines[process.arch];
  if (process.platform !== 'linux' || expected === undefined) return;
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(20), 0, 20, 0);
  const isElf = bytesRead === 20 && buffer.toString('latin1', 0, 4) === '\x7fELF';
  if (!isElf) throw unavailable(`${path} is damaged: it is not a library.`, reinstall);
  if (buffer.readUInt16LE(18) !== expected) {
    throw unavailable(
      `${path} is for another processor than this one (${process.arch}).`,
      reinstall,
    );
  }
}

/** The causes that loaders name, in the words of glibc and of macOS. */
const loaderErrors: [RegExp, (match: RegExpExecArray) => [string, string]][] = [
  [
    /undefined symbol: ([^\s,]+)|symbol not found[^']*'([^']+)'/i,
    (match) => [
      `it lacks the symbol ${match[1] ?? match[2] ?? ''}: library and binding do not belong together`,
      reinstall,
    ],
  ],
  [
    /version [`']([^']+)' not found/,
    (match) => [
      `it needs ${match[1] ?? ''}, which this system is too old for`,
      'Update the system, or install an older TensorFlow with `engine install --from PATH`.',
    ],
  ],
  [
    /(\S+): cannot open shared object file|Library not loaded: (\S+)/,
    (match) => [`${match[1] ?? match[2] ?? 'a library'} is missing`, reinstall],
  ],
  [
    /wrong ELF class|incompatible architecture|wrong architecture/i,
    () => ['it is for another processor than this one', reinstall],
  ],
  [
    /file too short|invalid ELF header|ELF load command|cannot read file data|not a mach-o/i,
    () => ['it is damaged', reinstall],
  ],
  [
    /different Node\.js version|did not self-register|NODE_MODULE_VERSION/,
    () => ['it was built for another Node.js', reinstall],
  ],
];

/** What the system's loader said about an engine, in one line with a remedy. */
export function describeLoadError(folder: string, error: unknown): AfterimageError {
  const text = error instanceof Error ? error.message : String(error);
  for (const [pattern, describe] of loaderErrors) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const [reason, remedy] = describe(match);
    return unavailable(
      `The native engine in ${folder} cannot be loaded: ${reason}.`,
      remedy,
      error,
    );
  }
  const [line = ''] = text.split('\n');
  return unavailable(`The native engine in ${folder} cannot be loaded: ${line}`, reinstall, error);
}

function loadBinding(folder: string): LoadedBinding {
  try {
    return nodeRequire(join(folder, engineBindingName)) as LoadedBinding;
  } catch (error) {
    throw describeLoadError(folder, error);
  }
}

/** tfjs-node-gpu's kernels and backend class, without its own search for a binding. */
function loadKernels(): KernelPackage {
  // The package calls it in every reduction; Node 23 removed it.
  const util = nodeRequire('node:util') as { isNullOrUndefined?: (value: unknown) => boolean };
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  try {
    nodeRequire(`${bindingPackage}/dist/register_all_kernels`);
    return nodeRequire(`${bindingPackage}/dist/nodejs_kernel_backend`) as KernelPackage;
  } catch (error) {
    throw unavailable(
      `The package ${bindingPackage} is not installed.`,
      'Install the application with its optional packages: npm ci --include=optional',
      error,
    );
  }
}

/**
 * Loads the native engine of a folder into this process and makes it tfjs's backend; once per
 * process. Sets TensorFlow's environment (see `nativeEnvironment` and `askForOneDnn`) before, with `threads` >= 1.
 * Throws ENGINE_UNAVAILABLE naming what is wrong and the remedy.
 */
export async function loadNativeBackend(folder: string, threads: number): Promise<LoadedBackend> {
  const manifest = await loadManifest(folder);
  checkPlatform(folder, manifest);
  await checkSizes(folder, manifest);
  for (const name of Object.keys(manifest.files)) {
    if (/^(tfjs_binding\.node|tensorflow\/.*)$/.test(name))
      await checkArchitecture(join(folder, name));
  }
  const { TF_CPP_MIN_LOG_LEVEL: logLevel } = process.env;
  const use = { threads, gpu: manifest.gpu, folder };
  Object.assign(process.env, nativeEnvironment(use, process.env));
  if (logLevel !== undefined) process.env['TF_CPP_MIN_LOG_LEVEL'] = logLevel;
  const asksForOneDnn = !manifest.gpu && (await askForOneDnn());
  const { NodeJSKernelBackend } = loadKernels();
  const binding = loadBinding(folder);
  const backend = new NodeJSKernelBackend(binding, bindingPackage);
  tf.registerBackend(backendName, () => backend);
  if (!(await tf.setBackend(backendName))) {
    throw unavailable(`The native engine in ${folder} does not start.`, reinstall);
  }
  return {
    backend,
    tensorflow: binding.TF_Version,
    device: backend.isUsingGpuDevice ? 'gpu' : 'cpu',
    threads,
    versions: {
      ...manifest.versions,
      tensorflow: binding.TF_Version,
      tfjs: tf.version.tfjs,
      // The last digits depend on it; where TensorFlow uses it by itself nothing is new.
      ...(asksForOneDnn && { oneDNN: 'on' }),
    },
  };
}
