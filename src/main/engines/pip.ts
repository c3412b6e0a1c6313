import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AfterimageError } from '../../core/errors.ts';
import { publish } from '../platform/files.ts';
import { makeFolder } from '../platform/folders.ts';
import { nameUnfinished, removeAbandoned } from '../platform/unfinished.ts';
import { diskFull } from './files.ts';
import type { CommandResult } from '../platform/commands.ts';
import type { Host } from './host.ts';
import type { InstallContext } from './progress.ts';
import { wheelPythonVersion } from './releases.ts';

export interface WheelRequest {
  /** As pip takes it, a version or a range. */
  requirement: string;
  /** Pinned SHA-256, hex; pip checks the package index's own otherwise. */
  sha256?: string;
  platformTags: readonly string[];
  /** Folder whose wheels count too. */
  findLinks?: string | undefined;
  /** Size if known, for the progress. */
  bytes: number | null;
}

/** Python's command if it has pip; null otherwise. */
export async function findPip(host: Host, signal?: AbortSignal): Promise<string | null> {
  for (const python of ['python3', 'python']) {
    const { code } = await host.run(python, ['-m', 'pip', '--version'], { signal });
    if (code === 0) return python;
  }
  return null;
}

/** Bytes of all wheels below a folder, pip's temporary ones included. */
async function computeWheelBytes(folder: string): Promise<number> {
  let largest = 0;
  try {
    for (const path of await readdir(folder, { recursive: true })) {
      if (path.endsWith('.whl')) largest = Math.max(largest, (await stat(join(folder, path))).size);
    }
  } catch {
    // pip removes its temporary folders meanwhile.
  }
  return largest;
}

/** The line of pip's output that says what went wrong. */
function describePipFailure({ stderr, stdout, signal, code }: CommandResult): string {
  const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim());
  const error =
    lines.find((line) => line.startsWith('ERROR: THESE PACKAGES DO NOT MATCH')) ??
    lines.findLast((line) => line.startsWith('ERROR:'));
  return (
    error?.replace(/^ERROR:\s*/, '') ?? `pip ended with ${signal ?? `exit code ${code ?? '?'}`}`
  );
}

function toPipError(result: CommandResult, request: WheelRequest, folder: string): AfterimageError {
  const output = result.stdout + result.stderr;
  if (/No space left on device|Errno 28/.test(output)) return diskFull(folder);
  const isOffline =
    /NewConnectionError|Name or service not known|Temporary failure in name resolution|ConnectTimeout|Network is unreachable|Max retries exceeded|ProxyError/.test(
      output,
    );
  return new AfterimageError(
    isOffline ? 'NO_NETWORK' : 'ENGINE_UNAVAILABLE',
    `pip cannot download ${request.requirement}: ${describePipFailure(result)}`,
    'Download the wheel on another machine and give it with `engine install --from PATH`.',
  );
}

const pipArguments = (request: WheelRequest, list: string, target: string): string[] => [
  ...['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--no-cache-dir'],
  ...['--disable-pip-version-check', '--no-input', '--progress-bar', 'off'],
  ...['--implementation', 'cp', '--python-version', wheelPythonVersion],
  ...request.platformTags.flatMap((tag) => ['--platform', tag]),
  ...(request.findLinks === undefined ? [] : ['--find-links', request.findLinks]),
  ...['-d', target, '-r', list],
];

async function runPip(
  host: Host,
  python: string,
  request: WheelRequest,
  temporary: string,
  { onProgress, signal }: InstallContext,
): Promise<CommandResult> {
  const { requirement, sha256, bytes } = request;
  const list = join(temporary, 'requirements.txt');
  await writeFile(
    list,
    `${requirement}${sha256 === undefined ? '' : ` --hash=sha256:${sha256}`}\n`,
  );
  const watch = setInterval(() => {
    void computeWheelBytes(temporary).then((done) => {
      onProgress({ step: `download ${requirement}`, done, total: bytes });
    });
  }, 500);
  try {
    const args = pipArguments(request, list, join(temporary, 'wheels'));
    return await host.run(python, args, { signal, env: { TMPDIR: temporary } });
  } finally {
    clearInterval(watch);
  }
}

/**
 * Has pip download one wheel into `folder`, where it appears only when it is whole and checked, and
 * returns its path. Throws NO_NETWORK, DISK_FULL or ENGINE_UNAVAILABLE with pip's reason.
 */
export async function downloadWheel(
  host: Host,
  python: string,
  request: WheelRequest,
  folder: string,
  context: InstallContext,
): Promise<string> {
  await removeAbandoned(folder);
  const temporary = nameUnfinished(folder);
  const wheels = join(temporary, 'wheels');
  makeFolder(wheels);
  try {
    const result = await runPip(host, python, request, temporary, context);
    const [name] = (await readdir(wheels)).filter((file) => file.endsWith('.whl'));
    if (result.code !== 0 || name === undefined) throw toPipError(result, request, folder);
    const path = join(folder, name);
    await publish(join(wheels, name), path);
    return path;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
