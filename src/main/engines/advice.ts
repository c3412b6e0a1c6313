import { AfterimageError } from '../../core/errors.ts';
import type { Host } from './host.ts';

/** What to do where the native engine cannot be had at all. */
export const embeddedEngineAdvice = 'Train on the embedded engine: --engine wasm.';

/** Reinstalling mends every kind of damage. */
export const reinstallAdvice = 'Install it again with `engine install`.';

/** The one command that installs a C++ compiler and Python with pip on this machine. */
export async function findBuildToolsCommand(host: Host): Promise<string> {
  if (host.platform === 'darwin') return 'xcode-select --install';
  const release = await host.osRelease();
  const ids = [...release.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)]
    .flatMap(([, value = '']) => value.split(' '))
    .map((id) => id.toLowerCase());
  const isOneOf = (...names: string[]): boolean => names.some((name) => ids.includes(name));
  if (isOneOf('debian', 'ubuntu')) return 'sudo apt install g++ python3-pip';
  if (isOneOf('fedora', 'rhel', 'centos')) return 'sudo dnf install gcc-c++ python3-pip';
  return 'Debian: sudo apt install g++ python3-pip; Fedora: sudo dnf install gcc-c++ python3-pip';
}

/** Something that the installation needs is not on this machine. */
export async function missingTool(
  host: Host,
  message: string,
  cause?: unknown,
): Promise<AfterimageError> {
  return new AfterimageError(
    'ENGINE_UNAVAILABLE',
    message,
    `Install it, then run \`engine install\` again: ${await findBuildToolsCommand(host)}`,
    cause,
  );
}

/** The native engine cannot be used; `message` names why in one line. */
export function engineUnavailable(
  message: string,
  remedy: string,
  cause?: unknown,
): AfterimageError {
  return new AfterimageError('ENGINE_UNAVAILABLE', message, remedy, cause);
}
