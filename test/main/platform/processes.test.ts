import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findProcess, isAlive } from '../../../src/main/platform/processes.ts';
import { until } from '../../support/cli.ts';

describe('a process', () => {
  it('is alive while it runs, and known by when it started', () => {
    const self = findProcess(process.pid);
    expect(self?.started).not.toBe('');
    expect(self && isAlive(self)).toBe(true);
    expect(isAlive({ pid: process.pid, started: 'long ago' })).toBe(false);
  });

  it('counts as alive where it is not known when it started', () => {
    expect(isAlive({ pid: process.pid, started: '' })).toBe(true);
  });

  it('is dead once it has ended', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    const owner = { pid: child.pid ?? 0, started: '' };
    await once(child, 'exit');
    expect(isAlive(owner)).toBe(false);
    expect(findProcess(owner.pid)).toBeNull();
  });

  // A dead process stays in the table until its parent asks for its end, which this one never does.
  it.runIf(process.platform === 'linux')(
    'is dead as a zombie, though it can be signalled',
    async () => {
      // It ends once its parent is a program that waits for no child; the shell itself may have done so.
      const child = `sh -c 'until grep -q sleep /proc/$PPID/comm; do :; done'`;
      const parent = spawn('sh', ['-c', `${child} & echo $!; exec sleep 60`]);
      onTestFinished(() => {
        parent.kill();
      });
      const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
      const pid = Number(line);
      await until(() => findProcess(pid) === null);
      expect(process.kill(pid, 0)).toBe(true);
      expect(isAlive({ pid, started: '' })).toBe(false);
    },
  );
});
