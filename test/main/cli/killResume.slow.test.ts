import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import type { EngineName, Run } from '../../../src/core/records.ts';
import { childrenOf, isOver, root, startScript, until, type Started } from '../../support/cli.ts';
import { importDigits } from '../../support/commands.ts';
import { makeFolder } from '../../support/digits.ts';
import { lendEngine, testedEngines } from '../../support/installedEngine.ts';
import { readCheckpointStep, readNumbers, readRuns } from '../../support/storedRun.ts';

const kills = Number(process.env['AFTERIMAGE_KILLS'] ?? 4);
const epochs = 2 + Math.ceil(kills / 4);

const drive = (dataDir: string, engine: EngineName): Started =>
  startScript(join(root, 'test/support/trainDriver.ts'), [dataDir, String(epochs), engine]);

async function trainUndisturbed(dataDir: string, engine: EngineName): Promise<Run> {
  const { code, stderr } = await drive(dataDir, engine).result;
  const [run] = readRuns(dataDir);
  if (code !== 0 || run?.status !== 'completed') throw new Error(`ended with ${code}: ${stderr}`);
  return run;
}

/** What a kill left: the run's status and the step inside an epoch from which it will go on. */
function readRemains(dataDir: string): { status: string; step: number } {
  const [run] = readRuns(dataDir);
  if (run === undefined) throw new Error('there is no run');
  return { status: run.status, step: readCheckpointStep(dataDir, run.id) };
}

/** Kills the trainer or its parent at a random moment of training. */
async function killAtRandom(
  dataDir: string,
  options: { engine: EngineName; random: Random; victim: 'trainer' | 'parent'; longestMs: number },
): Promise<void> {
  const { engine, random, victim, longestMs } = options;
  // Until the untrained model is stored, a run that dies begins again.
  const sign = readRuns(dataDir)[0]?.epochs.length ? 'progress' : '\nepoch';
  const driver = drive(dataDir, engine);
  const pid = driver.process.pid ?? 0;
  const ended = isOver(driver);
  // One in four dies before its first step, the others anywhere after it.
  const isEarly = random.uniform(0, 1) < 0.25;
  const isReady = (): boolean =>
    isEarly ? childrenOf(pid).length > 0 : driver.stderr().includes(sign);
  await until(() => ended() || isReady());
  await delay(random.uniform(0, longestMs));
  if (ended()) throw new Error(`the run ended before it could be killed: ${driver.stderr()}`);
  const [trainer] = childrenOf(pid);
  process.kill(victim === 'trainer' && trainer !== undefined ? trainer : pid, 'SIGKILL');
  await driver.result;
}

// Children are found in /proc.
it.runIf(process.platform === 'linux').each(testedEngines)(
  `a run on %s killed ${kills} times ends as one never interrupted`,
  { timeout: 60_000 + 20_000 * kills },
  async (engine) => {
    const [undisturbed, disturbed] = [makeFolder(), makeFolder()];
    for (const dataDir of [undisturbed, disturbed]) {
      await importDigits(dataDir);
      lendEngine(dataDir);
    }
    const reference = await trainUndisturbed(undisturbed, engine);
    const trainingMs = reference.epochs.reduce((sum, { durationMs }) => sum + durationMs, 0);

    const random = Random.fromSeed(20_240_601);
    const left: { status: string; step: number }[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      const victim = kill % 2 === 0 ? 'trainer' : 'parent';
      await killAtRandom(disturbed, { engine, random, victim, longestMs: trainingMs / kills });
      left.push(readRemains(disturbed));
    }
    const resumed = await trainUndisturbed(disturbed, engine);

    expect(new Set(left.map(({ status }) => status))).toEqual(new Set(['failed', 'interrupted']));
    expect(left.filter(({ step }) => step > 0)).not.toHaveLength(0);
    expect(resumed.engine?.name).toBe(engine);
    expect(resumed.bestEpoch).toBe(reference.bestEpoch);
    expect(readNumbers(disturbed, resumed.id)).toEqual(readNumbers(undisturbed, reference.id));
  },
);
