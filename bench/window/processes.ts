/** Processor time of processes by number, from /proc (Linux). */
import { readdirSync, readFileSync } from 'node:fs';

interface ProcessTimes {
  parent: number;
  cpuMs: number;
}

/** The kernel counts in hundredths of a second. */
const tickMs = 10;

function readTimes(pid: number): ProcessTimes | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // From the state on, which follows the name in brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [parent = 0, user = 0, system = 0] = [fields[1], fields[11], fields[12]].map(Number);
    return { parent, cpuMs: (user + system) * tickMs };
  } catch {
    return null;
  }
}

/** Processor time by process of everything below `ancestor`, ms. */
export function readDescendants(ancestor: number): Map<number, number> {
  const all = new Map<number, ProcessTimes>();
  for (const name of readdirSync('/proc')) {
    const times = /^\d+$/.test(name) ? readTimes(Number(name)) : null;
    if (times !== null) all.set(Number(name), times);
  }
  const isBelow = (pid: number): boolean => {
    const parent = all.get(pid)?.parent ?? 0;
    return parent === ancestor || (parent > 1 && isBelow(parent));
  };
  return new Map([...all].filter(([pid]) => isBelow(pid)).map(([pid, { cpuMs }]) => [pid, cpuMs]));
}
