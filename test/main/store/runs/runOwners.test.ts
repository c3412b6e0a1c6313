import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { insertRunWithEpochs, makeFolder, newRun, openTestHistory } from '../fixtures.ts';

const conflict = expect.objectContaining({ code: 'CONFLICT' }) as Error;
const script = fileURLToPath(new URL('../childTasks.ts', import.meta.url));

/** Words that let a command see no process but its own, and be seen by none; none where that cannot be. */
const alone = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];
const canBeAlone = spawnSync('unshare', [...alone.slice(1), 'true']).status === 0;

/** A process that owns a run, which it says, until it is ended. */
async function startOwner(
  dataDir: string,
  words: string[] = [],
): Promise<{ runId: string; end: () => Promise<void> }> {
  const [command, ...rest] = [...words, process.execPath, script, 'own', dataDir];
  const child: ChildProcess = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const [said] = child.stdout === null ? [] : ((await once(child.stdout, 'data')) as [Buffer]);
  const end = async (): Promise<void> => {
    child.kill('SIGKILL');
    await once(child, 'close');
  };
  return { runId: String(said).trim(), end };
}

describe('owners', () => {
  it('keep others off their run until they give it up or end', () => {
    const dataDir = makeFolder();
    const [mine, theirs] = [openTestHistory(dataDir), openTestHistory(dataDir)];
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
    theirs.close();
    mine.owners.claim(id);
    expect(mine.owners.isOwnedElsewhere(id)).toBe(false);
  });

  it.each(canBeAlone ? [[], alone] : [[]])(
    'keep their runs as long as they live, whoever can see them, and no longer',
    async (...words) => {
      const dataDir = makeFolder();
      const { runId, end } = await startOwner(dataDir, words);
      const mine = openTestHistory(dataDir);
      expect(mine.runs.get(runId)).toMatchObject({ status: 'running', error: null });
      expect(mine.owners.isOwnedElsewhere(runId)).toBe(true);
      expect(() => {
        mine.owners.claim(runId);
      }).toThrow(conflict);
      expect(mine.owners.interruptAbandoned()).toEqual([]);
      await end();
      expect(mine.owners.interruptAbandoned()).toEqual([runId]);
      mine.owners.claim(runId);
      // The dead one's lock is gone, this one's and that of the history are there.
      expect(readdirSync(join(dataDir, 'locks'))).toHaveLength(2);
    },
  );

  it('of earlier versions are known by their process', () => {
    const dataDir = makeFolder();
    const mine = openTestHistory(dataDir);
    const [gone, there] = mine.runs.insertAll([newRun(), newRun()]).map(({ id }) => id);
    const database = new Database(join(dataDir, 'history.sqlite'));
    const own = database.prepare(
      "UPDATE runs SET status = 'running', owner_pid = ?, owner_started = ? WHERE id = ?",
    );
    own.run(process.pid, 'another time', gone);
    own.run(process.pid, '', there);
    database.close();
    expect(mine.owners.interruptAbandoned()).toEqual([gone]);
    expect(mine.owners.isOwnedElsewhere(there ?? '')).toBe(true);
  });

  it('lose their runs on the next opening after they died', () => {
    const dataDir = makeFolder();
    const theirs = openTestHistory(dataDir);
    const [running = '', waiting = '', paused = ''] = theirs.runs
      .insertAll([newRun(), newRun(), newRun()])
      .map(({ id }) => id);
    theirs.runs.setStatus(running, 'running');
    theirs.owners.claim(waiting);
    theirs.runs.setStatus(paused, 'running');
    theirs.runs.setStatus(paused, 'paused');
    theirs.close();
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
    const theirs = openTestHistory(dataDir);
    const gone = insertRunWithEpochs(theirs, 3);
    const { id: waiting } = theirs.runs.insert(newRun());
    theirs.owners.claim(waiting);
    theirs.runs.delete([gone, waiting]);
    const purge = theirs.purge([gone]);
    expect(theirs.epochs.list(gone).length).toBeGreaterThan(0);
    theirs.close();
    await expect(purge).rejects.toThrow();
    const mine = openTestHistory(dataDir);
    expect(mine.runs.list({ deleted: true }).map(({ id }) => id)).toEqual([waiting]);
    expect(() => mine.runs.get(gone)).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }) as Error,
    );
    expect(await mine.verify()).toEqual([]);
  });
});
