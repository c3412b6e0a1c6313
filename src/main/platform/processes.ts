import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process, told apart from a later one that was given the same pid. */
export interface Owner {
  pid: number;
  /** When it started, in the system's own words; empty where that cannot be found out. */
  started: string;
}

/** Field 22 of /proc/PID/stat, counted from the state (field 3), which follows the name in brackets. */
const startTimeField = 19;

function startOnLinux(pid: number): string | null {
  let stat;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // Some systems hide the processes of others.
    return exists(pid) ? '' : null;
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `${boot} ${fields[startTimeField] ?? ''}`;
}

const startCommands: Partial<Record<NodeJS.Platform, (pid: number) => string[]>> = {
  darwin: (pid) => ['ps', '-o', 'lstart=', '-p', String(pid)],
  win32: (pid) => [
    'powershell',
    '-NoProfile',
    '-Command',
    `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`,
  ],
};

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function startElsewhere(pid: number): string | null {
  if (!exists(pid)) return null;
  const [command = '', ...args] = startCommands[process.platform]?.(pid) ?? [];
  if (command === '') return '';
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '';
}

/** The process with this pid, or null if there is none (any more). */
export function findProcess(pid: number): Owner | null {
  const started = process.platform === 'linux' ? startOnLinux(pid) : startElsewhere(pid);
  return started === null ? null : { pid, started };
}

/** Whether it is still there; in doubt it is, so that nothing is taken away from a live process. */
export function isAlive(owner: Owner): boolean {
  const found = findProcess(owner.pid);
  if (found === null) return false;
  return found.started === '' || owner.started === '' || found.started === owner.started;
}
