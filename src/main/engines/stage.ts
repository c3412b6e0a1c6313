import { copyFile, cp, stat } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { AfterimageError } from '../../core/errors.ts';
import { sizeOf } from '../platform/files.ts';
import type { Host } from './host.ts';
import type { InstallContext } from './progress.ts';
import { libraryNames } from './releases.ts';
import { unpackWheel } from './wheel.ts';
import { makeFolder } from '../platform/folders.ts';

/** A library and its headers, in place to be compiled against. */
export interface Staged {
  /** Where it came from. */
  source: string;
  /** TensorFlow's version if the source says it. */
  version: string | null;
  /** CUDA run-time wheels that the library needs on a GPU, as pip takes them. */
  cudaRequirements: string[];
}

/** Subfolder of an engine for TensorFlow's library; CUDA's lies beside it, as the library's own rpath expects. */
export const libraryFolder = 'tensorflow';
/** Subfolder of an unfinished engine for what only the compiler needs. */
export const buildFolder = 'build';

/** The C interface's headers, and what they include. */
const headerFolders = [
  'tensorflow/c/',
  'tensorflow/core/platform/ctstring',
  'tsl/platform/',
  'xla/tsl/c/',
];

const isHeader = (path: string): boolean =>
  path.endsWith('.h') && headerFolders.some((folder) => path.startsWith(folder));

function noLibrary(host: Host, path: string): AfterimageError {
  const { main, framework } = libraryNames(host);
  return new AfterimageError(
    'INVALID_ARGUMENT',
    `${path} holds no TensorFlow library for ${host.platform} ${host.arch}: ${main.join(' or ')}, ${framework} and tensorflow/c/c_api.h are expected.`,
    'Give the folder or tarball of libtensorflow, or a wheel of tensorflow or tensorflow_cpu for this platform.',
  );
}

/** Whether the engine's folder holds all that is compiled against. */
async function isComplete(host: Host, folder: string): Promise<boolean> {
  const { main, framework } = libraryNames(host);
  const sizes = await Promise.all(main.map((name) => sizeOf(join(folder, libraryFolder, name))));
  const others = [
    join(folder, libraryFolder, framework),
    join(folder, buildFolder, 'include/tensorflow/c/c_api.h'),
  ];
  const required = await Promise.all(others.map(sizeOf));
  return sizes.some((size) => size !== null) && required.every((size) => size !== null);
}

/** Unpacks library and headers of a wheel into an engine's folder. */
export async function stageWheel(
  host: Host,
  path: string,
  folder: string,
  context: InstallContext,
): Promise<Staged> {
  const { main, framework } = libraryNames(host);
  const prefix = 'tensorflow/include/';
  const place = (name: string): string | null => {
    if ([...main, framework].some((library) => name === `tensorflow/${library}`)) {
      return join(libraryFolder, basename(name));
    }
    const header = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    return isHeader(header) ? join(buildFolder, 'include', header) : null;
  };
  const { version, cudaRequirements } = await unpackWheel(path, { place, folder }, context);
  if (!(await isComplete(host, folder))) throw noLibrary(host, path);
  return { source: basename(path), version, cudaRequirements };
}

/** Unpacks the libraries of a CUDA run-time wheel beside TensorFlow's, where it looks for them. */
export async function stageCudaWheel(
  path: string,
  folder: string,
  context: InstallContext,
): Promise<string> {
  const isRuntime = (name: string): boolean =>
    /^nvidia\/[^/]+\/lib\/.*\.so(\.|$)/.test(name) || /^nvidia\/cuda_nvcc\/(bin|nvvm)\//.test(name);
  // TensorFlow's rpath names CUDA's other libraries, but not cuSOLVER: it goes where cuSPARSE is found.
  const place = (name: string): string | null =>
    isRuntime(name) ? name.replace(/^nvidia\/cusolver\//, 'nvidia/cusparse/') : null;
  const { name, version } = await unpackWheel(path, { place, folder }, context);
  return `${name} ${version}`;
}

/** Copies the first of the named files that one of the folders holds. */
async function copyFirst(
  folders: readonly string[],
  names: readonly string[],
  target: string,
): Promise<void> {
  for (const name of names) {
    for (const folder of folders) {
      if ((await sizeOf(join(folder, name))) === null) continue;
      await copyFile(join(folder, name), join(target, name));
      return;
    }
  }
}

/**
 * Copies library and headers from a folder into an engine's: an unpacked libtensorflow, or a Python
 * installation's `tensorflow` or the folder that holds it. Throws INVALID_ARGUMENT.
 */
export async function stageFolder(host: Host, path: string, folder: string): Promise<Staged> {
  const { main, framework } = libraryNames(host);
  const roots = [path, join(path, 'lib'), join(path, 'tensorflow')];
  const target = join(folder, libraryFolder);
  makeFolder(target);
  for (const names of [main, [framework]]) await copyFirst(roots, names, target);
  for (const root of [path, join(path, 'tensorflow')]) {
    const include = join(root, 'include');
    if ((await sizeOf(join(include, 'tensorflow/c/c_api.h'))) === null) continue;
    await copyHeaders(include, join(folder, buildFolder, 'include'));
  }
  if (!(await isComplete(host, folder))) throw noLibrary(host, path);
  return { source: resolve(path), version: null, cudaRequirements: [] };
}

async function copyHeaders(from: string, to: string): Promise<void> {
  const isWanted = async (source: string): Promise<boolean> => {
    const path = relative(from, source).replaceAll('\\', '/');
    if ((await stat(source)).isFile()) return isHeader(path);
    const inside = `${path}/`;
    return path === '' || headerFolders.some((f) => f.startsWith(inside) || inside.startsWith(f));
  };
  await cp(from, to, { recursive: true, dereference: true, filter: isWanted });
}

/** Unpacks a tarball of libtensorflow with the system's `tar`, and takes it as a folder. */
export async function stageTarball(
  host: Host,
  path: string,
  folder: string,
  { onProgress, signal }: InstallContext,
): Promise<Staged> {
  const unpacked = join(folder, buildFolder, 'unpacked');
  makeFolder(unpacked);
  const item = basename(path);
  onProgress({ step: `unpack ${item}`, done: 0, total: null });
  const { code, stderr } = await host.run('tar', ['-xzf', path, '-C', unpacked], { signal });
  if (code !== 0) {
    if (/No space left on device/.test(stderr)) {
      throw Object.assign(new Error(stderr), { code: 'ENOSPC' });
    }
    throw new AfterimageError(
      'CORRUPT_INPUT',
      `${path} cannot be unpacked: ${stderr.trim().split('\n')[0] ?? 'tar failed'}`,
      'Download it again.',
    );
  }
  return { ...(await stageFolder(host, unpacked, folder)), source: item };
}

/** Takes the library that the user named: a folder, a wheel or a tarball. */
export async function stageFrom(
  host: Host,
  path: string,
  folder: string,
  context: InstallContext,
): Promise<Staged> {
  const info = await stat(path).catch(() => null);
  if (info === null) {
    throw new AfterimageError('NOT_FOUND', `There is no ${path}.`, 'Check the path.');
  }
  if (info.isDirectory()) return stageFolder(host, path, folder);
  if (path.endsWith('.whl')) return stageWheel(host, path, folder, context);
  if (/\.(tar\.gz|tgz)$/.test(path)) return stageTarball(host, path, folder, context);
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `${path} is neither a folder, a .whl nor a .tar.gz.`,
    'Give the folder or tarball of libtensorflow, or a wheel of tensorflow or tensorflow_cpu.',
  );
}
