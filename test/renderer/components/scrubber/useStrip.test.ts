import { expect, it, vi } from 'vitest';
import { nextTick, ref, shallowRef } from 'vue';
import type { ChosenExplainer } from '../../../../src/core/explainers/options.ts';
import { presets } from '../../../../src/core/config/presets.ts';
import { explainersOf } from '../../../../src/core/explainers/registry.ts';
import { encodeSafetensors } from '../../../../src/core/formats/safetensors.ts';
import {
  readChoice,
  withDefaults,
} from '../../../../src/renderer/components/scrubber/explainedBy.ts';
import {
  buildSides,
  useScrubber,
} from '../../../../src/renderer/components/scrubber/useScrubber.ts';
import { useStrip, type StripMode } from '../../../../src/renderer/components/scrubber/useStrip.ts';
import { recordCalls, settle, startStore } from '../../stores/startStore.ts';
import { buildHistory } from './histories.ts';

interface Asked {
  runId: string;
  epoch: number;
  methods: ChosenExplainer[];
}

/** A map for each method, all of its epoch's number. */
async function* answerTo({ methods, epoch }: Asked) {
  await Promise.resolve();
  yield { step: 'half', done: 1, total: 2 };
  const count = methods.length;
  const tensors = {
    maps: { shape: [count, 2, 2], values: new Float32Array(4 * count).fill(epoch) },
    targetClass: { shape: [1], values: Uint8Array.of(1) },
    durationsMs: { shape: [count], values: new Float32Array(count).fill(5) },
  };
  const metadata = { problems: JSON.stringify(methods.map(() => null)) };
  return Buffer.from(encodeSafetensors({ tensors, metadata })).toString('base64');
}

function start(mode: StripMode, name: Parameters<typeof withDefaults>[0] = 'gradient') {
  const { calls, call } = recordCalls<Asked>();
  const epoch = ref<number | null>(0);
  const by = shallowRef({ method: withDefaults(name), seed: 0 });
  const shown = {
    ...{ main: buildHistory('a', [0, 1, 0]), beside: [buildHistory('b', [0, 1])] },
    ...{ besideError: null, classMapsError: null },
  };
  const sides = shallowRef(buildSides(shown, []));
  const scrubber = useScrubber(sides, epoch, ref(null), ref('predicted'));
  const sizes = ref({ imageSize: 28, channels: 3 });
  const strip = startStore({ examples: { explain: call } }, () =>
    useStrip(scrubber, by, ref(mode), {
      names: ref(explainersOf(presets['mnist-c'].model)),
      sizes,
    }),
  );
  const [a, b] = sides.value;
  if (a === undefined || b === undefined) throw new Error('no sides');
  const answer = async (index: number): Promise<void> => {
    await vi.waitFor(() => {
      expect(calls.length).toBeGreaterThan(index);
    });
    const asked = calls[index];
    if (asked !== undefined) asked.answer(answerTo(asked.input));
    await settle();
  };
  return { strip, calls, answer, epoch, by, a, b };
}
const methodsOf = (asked: Asked | undefined): string[] =>
  asked?.methods.map(({ name }) => name) ?? [];

it('computes all quick methods at once for each run, and the others only when asked', async () => {
  const { strip, calls, answer, epoch, a, b } = start('methods');
  await answer(0);
  await answer(1);
  const columns = strip.columns.value;
  expect(columns.map(({ method }) => method.name)).toEqual(explainersOf(presets['mnist-c'].model));
  const quick = columns.filter((column) => column.quick);
  expect(quick).toHaveLength(10);
  expect(calls.map(({ input }) => [input.runId, input.epoch])).toEqual([
    ['a', 0],
    ['b', 0],
  ]);
  expect(methodsOf(calls[0]?.input)).toEqual(quick.map(({ method }) => method.name));
  for (const column of columns) {
    expect(strip.mapAt(a, column)?.epoch).toBe(column.quick ? 0 : undefined);
    expect(strip.mapAt(b, column)?.method).toBe(column.quick ? column.method.name : undefined);
  }

  const rise = columns.find(({ method }) => method.name === 'rise');
  if (rise === undefined) throw new Error('no RISE');
  strip.compute([rise]);
  expect(strip.works.get(rise.key)?.progress).toBe(null);
  await answer(2);
  expect(strip.works.get(rise.key)?.progress).toMatchObject({ done: 1, total: 2 });
  await answer(3);
  expect(calls.slice(2).map(({ input }) => [input.runId, ...methodsOf(input)])).toEqual([
    ['a', 'rise'],
    ['b', 'rise'],
  ]);
  expect(strip.works.size).toBe(0);

  // The cursor moves on: quick ones follow, the slow one stays where it was.
  epoch.value = 1;
  await answer(4);
  await answer(5);
  expect([strip.mapAt(a, rise)?.epoch, strip.mapAt(b, rise)?.epoch]).toEqual([0, 0]);
  expect(quick.map((column) => strip.mapAt(a, column)?.epoch)).toEqual(quick.map(() => 1));
  expect(calls).toHaveLength(6);
});

it('leaves what is cancelled, and keeps what had come', async () => {
  const { strip, calls, answer, a, b } = start('epochs', 'rise');
  await settle();
  expect(calls).toHaveLength(0);
  const [first, second, third] = strip.columns.value;
  if (first === undefined || second === undefined || third === undefined) throw new Error('few');
  strip.compute(strip.columns.value);
  await answer(0);
  await answer(1);
  await vi.waitFor(() => {
    expect(calls).toHaveLength(3);
  });
  strip.works.get(third.key)?.cancel();
  expect(calls[2]?.signal?.aborted).toBe(true);
  calls[2]?.fail(new Error('aborted'));
  await vi.waitFor(() => {
    expect(strip.works.size).toBe(0);
  });
  expect(strip.error.value).toBe(null);
  expect([strip.mapAt(a, first)?.epoch, strip.mapAt(b, first)?.epoch]).toEqual([0, 0]);
  expect(strip.mapAt(a, second)).toBe(null);
});

it('asks each epoch of each run that has it, and anew with another seed', async () => {
  const { strip, calls, answer, by, a } = start('epochs');
  for (let i = 0; i < 5; i += 1) await answer(i);
  expect(calls.map(({ input }) => `${input.runId}${input.epoch}`)).toEqual(
    'a0 b0 a1 b1 a2'.split(' '),
  );
  expect(strip.columns.value.map((column) => strip.mapAt(a, column)?.epoch)).toEqual([0, 1, 2]);
  by.value = { ...by.value, seed: 4 };
  await nextTick();
  expect(strip.columns.value.map((column) => strip.mapAt(a, column))).toEqual([null, null, null]);
  await answer(5);
  expect(calls[5]?.input).toMatchObject({ seed: 4, epoch: 0 });
});

it('reads a method’s own options from the address, and says which it does not take', () => {
  const { method, problem } = readChoice('rise', ['samples=9', 'noise=0.1']);
  expect([method.options['samples'], method.options['cells'], problem]).toEqual([9, 7, null]);
  const wrong = readChoice('rise', ['samples=1']);
  expect(wrong.method.options['samples']).toBe(2000);
  expect(wrong.problem?.message).toMatch(/samples/);
});
