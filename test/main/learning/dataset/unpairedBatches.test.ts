import { expect, it } from 'vitest';
import { presets } from '../../../../src/core/config/presets.ts';
import { countUnpaired } from '../../../../src/main/learning/dataset/unpairedBatches.ts';
import type { TrainerEvent } from '../../../../src/shared/trainerEvents.ts';
import { openWasmEngine } from '../../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { makeTinyJob, trainTiny } from '../../../support/tinyRun.ts';
import { withSettings, type Changes } from '../../../support/settings.ts';

const epochsOf = (events: readonly TrainerEvent[]) =>
  events.flatMap((event) => (event.type === 'epoch' ? [event.result.metrics.terms] : []));

it('an epoch has the number of its batches, also one that was paused within', async () => {
  const engine = await openWasmEngine();
  const changes = { objective: 'triplet', batchSize: 2 };
  const whole = epochsOf(await trainTiny(engine, makeTinyJob(changes)));
  expect(whole[0]).not.toHaveProperty('unpairedBatches');
  // Of 12 batches of two images of three classes some have one class, most two.
  expect(whole[1]?.unpairedBatches).toBeGreaterThan(0);
  expect(whole[1]?.unpairedBatches).toBeLessThan(9);
  const paused = await trainTiny(engine, makeTinyJob(changes), { pauseAfter: 10 });
  const last = paused.at(-1);
  if (last?.type !== 'paused') throw new Error('the run was not paused');
  const rest = epochsOf(await trainTiny(engine, makeTinyJob(changes, last.checkpoint)));
  expect(rest.length).toBeLessThanOrEqual(2);
  expect([...epochsOf(paused), ...rest]).toEqual(whole);
  const one = epochsOf(await trainTiny(engine, makeTinyJob({ ...changes, batchSize: 24 })));
  expect(one[1]?.unpairedBatches).toBe(0);
});

/** Batches of three: 0 0 0, 0 1 2, 1 0 1 and the rest, 2 2. */
const labels = Uint8Array.of(0, 0, 0, 1, 2, 1, 0, 1, 2, 2, 0);
const order = Uint32Array.of(0, 1, 2, 6, 3, 4, 5, 10, 7, 8, 9);
const count = (changes: Changes, images = order) =>
  countUnpaired(withSettings(presets['mnist-c'], { batchSize: 3, ...changes }), labels, images);

it('counts the batches of one class for triplets, and those without two alike for supcon too', () => {
  expect(count({ objective: 'triplet' })).toEqual({ unpairedBatches: 2 });
  expect(count({ objective: 'supcon' })).toEqual({ unpairedBatches: 3 });
});

it('counts those whose neighbours are all alike or all different, the last beside the first', () => {
  const paired = { objective: 'contrastive', 'contrastive.pairing': 'inBatch' };
  expect(count(paired)).toEqual({ unpairedBatches: 3 });
  // 0 1 0 has its last and first alike; of 0 1 0 1 none are.
  const four = Uint32Array.of(0, 3, 1, 5);
  expect(count(paired, four.subarray(0, 3))).toEqual({ unpairedBatches: 0 });
  expect(count({ ...paired, batchSize: 4 }, four)).toEqual({ unpairedBatches: 1 });
});

it('counts a batch once, whichever of several terms lacks pairs', () => {
  expect(count({ objective: 'triplet+supcon' })).toEqual({ unpairedBatches: 3 });
});

it('has no number where no term compares images of a batch, nor before the first step', () => {
  expect(count({})).toEqual({});
  expect(count({ objective: 'contrastive+batchCam' })).toEqual({});
  expect(count({ objective: 'supcon' }, new Uint32Array(0))).toEqual({});
});
