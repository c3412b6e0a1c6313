import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AfterimageError } from '../../core/errors.ts';
import { engineBindingName } from '../../shared/nativeEngine.ts';
import { sizeOf } from '../platform/files.ts';
import { embeddedEngineAdvice, engineUnavailable, missingTool } from './advice.ts';
import { diskFull } from './files.ts';
import type { Host } from './host.ts';
import { libraryNames } from './releases.ts';
import { buildFolder, libraryFolder } from './stage.ts';
import { makeFolder } from '../platform/folders.ts';

const bindingPackage = '@tensorflow/tfjs-node-gpu';
const headersPackage = 'node-api-headers';

/** What the binding is compiled with. */
export interface Toolchain {
  compiler: string;
  /** Folders of the binding's sources and of the Node-API headers. */
  bindingFolder: string;
  headersFolder: string;
  /** Of the packages and the compiler. */
  versions: Record<string, string>;
}

async function findCompiler(host: Host, signal?: AbortSignal): Promise<[string, string]> {
  const compilers = host.platform === 'darwin' ? ['clang++'] : ['g++', 'clang++'];
  for (const compiler of compilers) {
    const { code, stdout } = await host.run(compiler, ['--version'], { signal });
    if (code === 0) return [compiler, stdout.split('\n')[0] ?? compiler];
  }
  throw await missingTool(host, 'There is no C++ compiler on this machine.');
}

async function findSources(host: Host, name: string): Promise<{ folder: string; version: string }> {
  const folder = host.findPackage(name);
  if (folder === null) {
    throw engineUnavailable(
      `The package ${name} is not installed.`,
      `Install the application's optional packages: npm ci --include=optional. ${embeddedEngineAdvice}`,
    );
  }
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    version: string;
  };
  return { folder, version };
}

/** Finds compiler, binding sources and headers. Throws ENGINE_UNAVAILABLE naming what is missing. */
export async function findToolchain(host: Host, signal?: AbortSignal): Promise<Toolchain> {
  const binding = await findSources(host, bindingPackage);
  const headers = await findSources(host, headersPackage);
  const [compiler, version] = await findCompiler(host, signal);
  return {
    compiler,
    bindingFolder: join(binding.folder, 'binding'),
    headersFolder: join(headers.folder, 'include'),
    versions: {
      [bindingPackage]: binding.version,
      [headersPackage]: headers.version,
      compiler: version,
    },
  };
}

/** Copies source files by reading them, so that they may lie inside an application archive. */
async function copySources(from: string, to: string): Promise<void> {
  makeFolder(to);
  for (const name of await readdir(from)) {
    if (/\.(cc|h)$/.test(name)) await writeFile(join(to, name), await readFile(join(from, name)));
  }
}

async function findLibraries(host: Host, folder: string): Promise<string[]> {
  const { main, framework } = libraryNames(host);
  const paths = main.map((name) => join(folder, libraryFolder, name));
  const sizes = await Promise.all(paths.map(sizeOf));
  const found = paths.find((_, i) => sizes[i] !== null);
  return [...(found === undefined ? [] : [found]), join(folder, libraryFolder, framework)];
}

function linkArguments(host: Host): string[] {
  return host.platform === 'darwin'
    ? ['-bundle', '-undefined', 'dynamic_lookup', `-Wl,-rpath,@loader_path/${libraryFolder}`]
    : // `now`: a symbol that the library lacks is found while loading, not in the middle of a run.
      ['-shared', '-Wl,-z,now', `-Wl,-rpath,$ORIGIN/${libraryFolder}`];
}

function toCompileError(compiler: string, stderr: string, folder: string): AfterimageError {
  if (/No space left on device/.test(stderr)) return diskFull(folder);
  const line = stderr.split('\n').find((text) => /error:|undefined reference|killed/i.test(text));
  return engineUnavailable(
    `${compiler} cannot compile TensorFlow's binding: ${(line ?? stderr.split('\n')[0] ?? '').trim()}`,
    `Update the compiler to one that knows C++17, or give another library with --from. ${embeddedEngineAdvice}`,
  );
}

/**
 * Compiles the binding of tfjs-node-gpu against the staged library into the engine's folder. Throws
 * ENGINE_UNAVAILABLE with the compiler's first error, or DISK_FULL.
 */
export async function compileBinding(
  host: Host,
  { compiler, bindingFolder, headersFolder }: Toolchain,
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  const build = join(folder, buildFolder);
  const sources = join(build, 'binding');
  await copySources(bindingFolder, sources);
  await copySources(headersFolder, join(build, 'node'));
  const args = [
    ...['-O2', '-fPIC', '-std=c++17', '-DNAPI_VERSION=8'],
    ...['-I', join(build, 'node'), '-I', join(build, 'include')],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(sources, name)),
    ...['-o', join(folder, engineBindingName)],
    ...(await findLibraries(host, folder)),
    ...linkArguments(host),
  ];
  const { code, stderr } = await host.run(compiler, args, { signal, env: { TMPDIR: build } });
  if (code !== 0) throw toCompileError(compiler, stderr, folder);
}
