import { expect, it, vi } from 'vitest';
import { ref, shallowRef } from 'vue';
import { encodeSafetensors } from '../../../../src/core/formats/safetensors.ts';
import {
  describeMoment,
  listImages,
  useConcepts,
} from '../../../../src/renderer/components/concepts/useConcepts.ts';
import type { ConceptsQuestion } from '../../../../src/renderer/stores/concepts.ts';
import { recordCalls, startStore } from '../../stores/startStore.ts';

/** Three images by two channels: channel 1 has most, channel 0 speaks against. */
const relevance = [-1, 4, -3, 6, 1, 2];
const exampleIds = Uint32Array.of(11, 12, 13);
const targets = Uint8Array.of(1, 2, 3);
const table = {
  ...{ layer: 'relu3' as const, exampleIds, targets },
  relevance: Float32Array.from(relevance),
};

it('says of a channel its place, its share and where it has most', () => {
  expect(describeMoment(table, 5, 0)).toEqual({
    ...{ channel: 0, relevance: -1, share: 0.2, epoch: 5, rank: 2 },
    image: { epoch: 5, exampleId: 13, targetClass: 3, relevance: 1 },
  });
  expect(listImages(table, 5, 1, 2).map(({ exampleId }) => exampleId)).toEqual([12, 11]);
});

async function* stream() {
  await Promise.resolve();
  yield { step: 'Relevance of channels', done: 1, total: 3 };
  const tensors = {
    exampleIds: { shape: [3], values: exampleIds },
    targets: { shape: [3], values: targets },
    relevance: { shape: [3, 2], values: Float32Array.from(relevance) },
  };
  const file = encodeSafetensors({ tensors, metadata: { layer: 'relu3', epoch: '2' } });
  return Buffer.from(file).toString('base64');
}

it('asks for the epoch shown, and for the others when it is told to follow', async () => {
  const { calls, call } = recordCalls<ConceptsQuestion>();
  const facts = { runId: 'a', target: 'label', examples: 9 } as const;
  const question = shallowRef<ConceptsQuestion | null>({ ...facts, epoch: 2 });
  const concepts = startStore({ examples: { concepts: call } }, () =>
    useConcepts(question, ref([0, 2])),
  );
  calls[0]?.answer(stream());
  await vi.waitFor(() => {
    expect(concepts.shown.value).toEqual({ epoch: 2, table });
  });
  expect(calls.map(({ input }) => input)).toEqual([{ ...facts, epoch: 2 }]);
  expect(concepts.progress.value).toMatchObject({ done: 1, total: 3 });
  concepts.follow();
  await vi.waitFor(() => {
    expect(calls).toHaveLength(2);
  });
  expect(calls[1]?.input).toEqual({ ...facts, epoch: 0 });
  calls[1]?.answer(stream());
  await vi.waitFor(() => {
    // The one that is known is not asked for again.
    expect([...concepts.tables.keys()]).toEqual([0, 2]);
  });
  expect(calls).toHaveLength(2);
  // Another class is another question.
  question.value = { ...facts, epoch: 2, target: 4 };
  await vi.waitFor(() => {
    expect(concepts.tables.size).toBe(0);
  });
  expect(calls[2]?.input).toMatchObject({ target: 4, epoch: 2 });
});
