import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { upgradeRunConfig } from '../../../src/core/config/upgrade.ts';
import type { Engine } from '../../../src/main/learning/engine/engine.ts';
import { openWasmEngine } from '../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { makeTinyJob, trainTiny } from '../../support/tinyRun.ts';
import { resultsOf } from '../../support/trainerSuite.ts';

interface FormerRun {
  name: string;
  /** Of version 1. */
  config: Record<string, unknown>;
  /** SHA-256 of what the run gave before configurations were nested. */
  digest: string;
}

const file = new URL('../../fixtures/histories/tiny.json', import.meta.url);
const runs = JSON.parse(readFileSync(file, 'utf8')) as FormerRun[];

/** Losses, rates, probabilities, maps and weights of every epoch. */
async function digestTraining(engine: Engine, stored: unknown): Promise<string> {
  const job = { ...makeTinyJob(), config: upgradeRunConfig(stored) };
  const hash = createHash('sha256');
  for (const { metrics, examples, weights } of resultsOf(await trainTiny(engine, job))) {
    const { trainLoss, validationLoss, learningRate, testCrossEntropy } = metrics;
    hash.update(JSON.stringify([trainLoss, validationLoss, learningRate, testCrossEntropy]));
    for (const part of [examples.probabilities, examples.camLevels, weights]) hash.update(part);
  }
  return hash.digest('hex');
}

// A change of the arithmetic itself (`numericsVersion.ts`, the kernels' version) makes new digests.
describe.each([1, 2])('on %i threads', (threads) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openWasmEngine(threads);
  });

  it.each(runs)('$name, stored by version 1, trains to the same bits', async (run) => {
    expect(engine.info.threads).toBe(threads);
    expect(await digestTraining(engine, run.config)).toBe(run.digest);
  });
});
