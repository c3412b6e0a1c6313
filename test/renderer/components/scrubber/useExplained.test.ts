import { expect, it, vi } from 'vitest';
import { computed, nextTick, ref, shallowRef } from 'vue';
import type { ExplainerName } from '../../../../src/core/explainers/registry.ts';
import { encodeSafetensors } from '../../../../src/core/formats/safetensors.ts';
import {
  describeProgress,
  prepareMap,
  useExplained,
} from '../../../../src/renderer/components/scrubber/useExplained.ts';
import {
  buildSides,
  useScrubber,
} from '../../../../src/renderer/components/scrubber/useScrubber.ts';
import { darkDivergingTable, divergingTable } from '../../../../src/renderer/maps/colorMaps.ts';
import { recordCalls, settle, startStore } from '../../stores/startStore.ts';
import { buildHistory } from './histories.ts';

const problemOf = { code: 'INVALID_ARGUMENT', message: 'no rule', remedy: 'Another method.' };

/** A stream that says how far it is once, then gives the map, or why there is none. */
async function* stream(values: readonly number[], problem: typeof problemOf | null = null) {
  await Promise.resolve();
  yield { step: 'half', done: 1, total: 2 };
  const file = encodeSafetensors({
    tensors: {
      maps: { shape: [1, 2, 2], values: Float32Array.from(values) },
      targetClass: { shape: [1], values: Uint8Array.of(1) },
      durationsMs: { shape: [1], values: Float32Array.of(5) },
    },
    metadata: { problems: JSON.stringify([problem]) },
  });
  return Buffer.from(file).toString('base64');
}
const file = (...values: number[]) => stream(values);

interface Asked {
  methods: { name: string; options: object }[];
  seed: number;
  epoch: number;
}

function start() {
  const { calls, call } = recordCalls<Asked>();
  const method = ref<ExplainerName>('gradcam');
  const [isDark, seed] = [ref(false), ref(0)];
  const epoch = ref<number | null>(0);
  const main = buildHistory('a', [0, 1, 0]);
  const shown = { main, beside: [], besideError: null, classMapsError: null };
  const sides = shallowRef(buildSides(shown, []));
  const scrubber = useScrubber(sides, epoch, ref(null), ref('predicted'));
  const explaining = startStore({ examples: { explain: call } }, () =>
    useExplained(
      scrubber,
      computed(() => ({ method: { name: method.value, options: { a: 1 } }, seed: seed.value })),
      isDark,
    ),
  );
  const [side] = sides.value;
  if (side === undefined) throw new Error('no side');
  /** Waits until the cursor has rested, and the map is asked for. */
  const asked = async (count: number): Promise<void> => {
    await vi.waitFor(() => {
      expect(calls).toHaveLength(count);
    });
  };
  return { ...explaining, calls, method, seed, isDark, epoch, side, asked };
}

it('asks for nothing while the stored maps are shown', async () => {
  const { calls, explained, epoch } = start();
  epoch.value = 2;
  await nextTick();
  await settle();
  expect([calls.length, explained.value]).toEqual([0, null]);
});

it('asks for the map under the resting cursor, keeps the one before until it is there, and goes back at once', async () => {
  const { calls, explained, pending, progress, method, seed, epoch, side, asked } = start();
  method.value = 'gradient';
  await asked(1);
  expect(explained.value?.mapOf(side)).toBe(null);
  calls[0]?.answer(file(2, -4, 0, 1));
  await vi.waitFor(() => {
    expect(explained.value?.mapOf(side)?.epoch).toBe(0);
  });
  const map = explained.value?.mapOf(side);
  expect([map?.targetClass, map?.scale]).toEqual([1, 4]);
  expect(progress.value).toMatchObject({ step: 'half', done: 1, total: 2 });
  expect([...(map?.values ?? [])]).toEqual([0.5, -1, 0, 0.25]);
  expect([...(map?.places ?? [])]).toEqual([0.75, 0, 0.5, 0.625]);

  // Epoch 1 is passed over.
  epoch.value = 1;
  await nextTick();
  epoch.value = 2;
  await asked(2);
  expect(calls[1]?.input).toMatchObject({
    ...{ methods: [{ name: 'gradient', options: { a: 1 } }], seed: 0, epoch: 2 },
  });
  expect(explained.value?.mapOf(side)?.epoch).toBe(0);
  expect(pending.value).toBe(true);
  epoch.value = 0;
  await nextTick();
  await settle();
  expect([calls.length, pending.value]).toEqual([2, false]);
  expect(calls[1]?.signal?.aborted).toBe(true);
  seed.value = 3;
  await asked(3);
  expect(calls[2]?.input).toMatchObject({ epoch: 0, seed: 3 });
  method.value = 'gradcam';
  await nextTick();
  expect(explained.value).toBe(null);
});

it('says what a map that is refused lacks', async () => {
  const { calls, error, method, asked } = start();
  method.value = 'lrp';
  await asked(1);
  calls[0]?.answer(stream([0, 0, 0, 0], problemOf));
  await vi.waitFor(() => {
    expect(error.value?.message).toContain('no rule');
  });
});

it('gives signed maps colours of their own, for light and dark, and others the reader’s', async () => {
  const { explained, method, isDark } = start();
  method.value = 'gradient';
  await nextTick();
  expect(explained.value?.table).toBe(divergingTable);
  isDark.value = true;
  expect(explained.value?.table).toBe(darkDivergingTable);
  method.value = 'scorecam';
  await nextTick();
  expect(explained.value?.table).toBe(null);
});

it('draws a map of zeros in the middle of signed colours', () => {
  const facts = {
    ...{ epoch: 0, targetClass: 0, map: new Float32Array(4) },
    ...{ likeness: null, trainingImage: null },
  };
  expect([...prepareMap({ ...facts, method: 'gradient' }).places]).toEqual([0.5, 0.5, 0.5, 0.5]);
  expect([...prepareMap({ ...facts, method: 'rise' }).places]).toEqual([0, 0, 0, 0]);
});

it('says how far it is, and how long it will take once that can be told', () => {
  const facts = { step: 'RISE', total: 200 };
  expect(describeProgress({ ...facts, done: 0, elapsedMs: 4000 })).toBe('0%');
  expect(describeProgress({ ...facts, done: 50, elapsedMs: 400 })).toBe('25%');
  expect(describeProgress({ ...facts, done: 50, elapsedMs: 4000 })).toMatch(/^25%, 12.*s left$/);
  expect(describeProgress({ ...facts, total: null, done: 1, elapsedMs: 4000 })).toBe('');
});
