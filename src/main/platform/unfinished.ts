import { randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { computeSha256 } from './hashes.ts';
import { findProcess } from './processes.ts';

/**
 * What is in the making is called `.afterimage-PID-MACHINE-START-UUID.partial`, wherever it lies: the
 * name says whose it is, so that whoever comes by later can tell what a process that was killed left
 * from what a live one still writes.
 */
const pattern =
  /^\.afterimage-(\d+)-([0-9a-f]{8})-([0-9a-f]{8})-[0-9a-f-]{36}\.partial(-journal|-wal|-shm)?$/;

const tagOf = (text: string): string => computeSha256(text).slice(0, 8);

/** Containers may share a folder and a host's name, and each numbers its processes by itself. */
function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

const machine = tagOf(`${hostname()} ${processNamespace()}`);
/** Of a process whose start cannot be found out. */
const unknownStart = tagOf('');

let ownPrefix: string | undefined;

function makeOwnPrefix(): string {
  const started = tagOf(findProcess(process.pid)?.started ?? '');
  return `.afterimage-${process.pid}-${machine}-${started}`;
}

/** A path in `folder` for a file or a folder in the making. */
export function nameUnfinished(folder: string): string {
  ownPrefix ??= makeOwnPrefix();
  return join(folder, `${ownPrefix}-${randomUUID()}.partial`);
}

/** Whether it is unfinished and its process gone; in doubt, and of other machines, it is not. */
function isAbandoned(name: string): boolean {
  const [, pid, itsMachine, started] = pattern.exec(name) ?? [];
  if (pid === undefined || itsMachine !== machine) return false;
  const found = findProcess(Number(pid));
  if (found === null) return true;
  return (
    ![started, tagOf(found.started)].includes(unknownStart) && tagOf(found.started) !== started
  );
}

const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** What earlier versions called it, which says nothing of whose it is. */
const earlierPatterns = [
  new RegExp(`^\\..+\\.${uuid}\\.partial(-journal|-wal|-shm)?$`),
  new RegExp(`^[0-9a-f]{64}\\.safetensors\\.${uuid}\\.tmp$`),
];

/** Nothing is in the making for so long without being written to, ms. */
const longestPauseMs = 7 * 24 * 3600 * 1000;

/** Whether nobody writes any more what is unfinished and of whom nobody can tell whether he lives. */
async function isForgotten(folder: string, name: string): Promise<boolean> {
  if (![pattern, ...earlierPatterns].some((each) => each.test(name))) return false;
  const found = await lstat(join(folder, name)).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > longestPauseMs;
}

/**
 * Removes from a folder, which need not be there, what processes left that ended before it was done:
 * at once where they are known to have ended, else (of other machines and containers, and of earlier
 * versions) when it has not been written to for a week.
 */
export async function removeAbandoned(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (!isAbandoned(name) && !(await isForgotten(folder, name))) continue;
    // What someone else may not remove is no reason not to go on.
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}
