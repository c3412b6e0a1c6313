import { copyFile, readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { AfterimageError } from '../../core/errors.ts';
import {
  engineManifestName,
  engineManifestSchema,
  type EngineManifest,
} from '../../shared/nativeEngine.ts';
import { makeFolder } from '../platform/folders.ts';
import { computeFileChecksum } from '../platform/hashes.ts';
import { embeddedEngineAdvice, engineUnavailable } from './advice.ts';
import type { Host } from './host.ts';
import type { InstallContext } from './progress.ts';

/** The manifest of an engine that lies in a folder; null where it holds none that can be read. */
async function readManifest(folder: string): Promise<EngineManifest | null> {
  const text = await readFile(join(folder, engineManifestName), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return engineManifestSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function checkFit({ platform, arch, gpu }: EngineManifest, host: Host, wantsGpu?: boolean): void {
  if (platform !== host.platform || arch !== host.arch) {
    throw engineUnavailable(
      `The engine was built for ${platform} ${arch}, this is ${host.platform} ${host.arch}.`,
      embeddedEngineAdvice,
    );
  }
  if (wantsGpu === undefined || wantsGpu === gpu) return;
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `The engine is the ${gpu ? 'CUDA' : 'CPU'} build.`,
    `Leave --gpu and --no-gpu out, or give another folder with --from.`,
  );
}

/** Whether a name of the manifest, which anyone may have written, means a file below the folder. */
const staysInside = (name: string): boolean =>
  !isAbsolute(name) && !/(^|[\\/])\.\.([\\/]|$)/.test(name);

/**
 * Copies an engine that was installed into another data folder, each file as its manifest has it: no
 * library and no compiler is needed again. Null where `from` is no such folder.
 *
 * @param wantsGpu the build asked for; undefined takes what is there
 * @throws CORRUPT_INPUT for a changed file, ENGINE_UNAVAILABLE for another platform's, INVALID_ARGUMENT
 */
export async function copyInstalled(
  request: { host: Host; folder: string; context: InstallContext; from: string },
  wantsGpu: boolean | undefined,
): Promise<EngineManifest | null> {
  const { host, folder, context, from } = request;
  const manifest = await readManifest(from);
  if (manifest === null) return null;
  checkFit(manifest, host, wantsGpu);
  const files = Object.entries(manifest.files);
  const total = files.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  let done = 0;
  for (const [name, { bytes, sha256 }] of files) {
    context.signal?.throwIfAborted();
    if (!staysInside(name)) throw damaged(from, `its manifest names ${name}`);
    const target = join(folder, name);
    makeFolder(dirname(target));
    await copyFile(join(from, name), target).catch((error: unknown) => {
      throw damaged(from, `${name} cannot be copied`, error);
    });
    const copied = await computeFileChecksum(target, 'sha256', { signal: context.signal });
    if (copied !== sha256) throw damaged(from, `${name} is not the file that was installed`);
    done += bytes;
    context.onProgress({ step: 'copy the engine', done, total });
  }
  return { ...manifest, installedAt: new Date().toISOString() };
}

const damaged = (folder: string, what: string, cause?: unknown): AfterimageError =>
  new AfterimageError(
    'CORRUPT_INPUT',
    `The engine in ${folder} is damaged: ${what}.`,
    'Install it there again, or give another source with --from.',
    cause,
  );
