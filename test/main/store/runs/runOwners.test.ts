import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { findProcess, isAlive } from '../../../../src/main/platform/processes.ts';
import { insertRunWithEpochs, makeFolder, newRun, openTestHistory } from '../fixtures.ts';

const conflict = expect.objectContaining({ code: 'CONFLICT' }) as Error;

/** A process that does nothing until it is ended. */
async function startIdle(): Promise<{ pid: number; end: () => Promise<void> }> {
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)']);
  await once(child.stdout, 'data');
  const end = async (): Promise<void> => {
    child.kill('SIGKILL');
    await once(child, 'close');
  };
  return { pid: child.pid ?? 0, end };
}

describe('processes', () => {
  it('are told apart from later ones with the same pid', async () => {
    const idle = await startIdle();
    const owner = findProcess(idle.pid);
    expect(owner?.started).not.toBe('');
    expect(owner && isAlive(owner)).toBe(true);
    expect(isAlive({ pid: idle.pid, started: 'another time' })).toBe(false);
    expect(isAlive({ pid: idle.pid, started: '' })).toBe(true);
    await idle.end();
    expect(findProcess(idle.pid)).toBeNull();
    expect(owner && isAlive(owner)).toBe(false);
  });
});

describe('owners', () => {
  it('keep other processes off their run until they give it up or die', async () => {
    const dataDir = makeFolder();
    const other = await startIdle();
    const mine = openTestHistory(dataDir);
    const theirs = openTestHistory(dataDir, { ownerPid: other.pid });
    const { id } = mine.runs.insert(newRun());
    mine.owners.claim(id);
    mine.owners.claim(id);
    expect(theirs.owners.isOwnedElsewhere(id)).toBe(true);
    expect(mine.owners.isOwnedElsewhere(id)).toBe(false);
    expect(() => {
      theirs.runs.setStatus(id, 'running');
    }).toThrow(conflict);
    theirs.owners.release(id);
    expect(theirs.owners.isOwnedElsewhere(id)).toBe(true);
    mine.owners.release(id);
    theirs.runs.setStatus(id, 'running');
    expect(() => {
      mine.owners.claim(id);
    }).toThrow(conflict);
    expect(mine.owners.interruptAbandoned()).toEqual([]);
    await other.end();
    mine.owners.claim(id);
    expect(mine.owners.isOwnedElsewhere(id)).toBe(false);
  });

  it('lose their runs on the next opening after they died', async () => {
    const dataDir = makeFolder();
    const other = await startIdle();
    const theirs = openTestHistory(dataDir, { ownerPid: other.pid });
    const [running = '', waiting = '', paused = ''] = theirs.runs
      .insertAll([newRun(), newRun(), newRun()])
      .map(({ id }) => id);
    theirs.runs.setStatus(running, 'running');
    theirs.owners.claim(waiting);
    theirs.runs.setStatus(paused, 'running');
    theirs.runs.setStatus(paused, 'paused');
    await other.end();
    const mine = openTestHistory(dataDir);
    expect(mine.runs.get(running)).toMatchObject({
      status: 'interrupted',
      error: { code: 'TRAINER_DIED' },
    });
    expect(mine.runs.get(waiting)).toMatchObject({ status: 'queued', error: null });
    expect(mine.runs.get(paused)).toMatchObject({ status: 'paused', error: null });
    mine.runs.setStatus(running, 'running');
    expect(mine.runs.get(running)).toMatchObject({ status: 'running', error: null });
  });

  it('that died while they purged leave nothing of what they purged, and the rest of the bin', async () => {
    const dataDir = makeFolder();
    const other = await startIdle();
    const theirs = openTestHistory(dataDir, { ownerPid: other.pid });
    const gone = insertRunWithEpochs(theirs, 3);
    const { id: waiting } = theirs.runs.insert(newRun());
    theirs.owners.claim(waiting);
    theirs.runs.delete([gone, waiting]);
    const purge = theirs.purge([gone]);
    expect(theirs.epochs.list(gone).length).toBeGreaterThan(0);
    theirs.close();
    await expect(purge).rejects.toThrow();
    await other.end();
    const mine = openTestHistory(dataDir);
    expect(mine.runs.list({ deleted: true }).map(({ id }) => id)).toEqual([waiting]);
    expect(() => mine.runs.get(gone)).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }) as Error,
    );
    expect(await mine.verify()).toEqual([]);
  });
});
