import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/main/learning/checkpoint.ts';
import {
  trainingProgressSchema,
  type TrainingProgress,
} from '../../../src/main/learning/trainingProgress.ts';
import { decodeSafetensors, encodeSafetensors } from '../../../src/core/formats/safetensors.ts';

/** Any value of a schema, so that a field added to it is tested without a word here. */
function arbitraryOf(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  const { def } = schema._zod;
  switch (def.type) {
    case 'object': {
      const { shape } = def as z.core.$ZodObjectDef;
      return fc.record(
        Object.fromEntries(Object.entries(shape).map(([key, one]) => [key, arbitraryOf(one)])),
      );
    }
    case 'record': {
      const { valueType } = def as z.core.$ZodRecordDef;
      return fc.dictionary(fc.stringMatching(/^[a-z][A-Za-z]{0,9}$/), arbitraryOf(valueType));
    }
    case 'array':
      return fc.array(arbitraryOf((def as z.core.$ZodArrayDef).element));
    case 'nullable':
      return fc.option(arbitraryOf((def as z.core.$ZodNullableDef).innerType));
    case 'optional': {
      const { innerType } = def as z.core.$ZodOptionalDef;
      return fc.option(arbitraryOf(innerType), { nil: undefined });
    }
    case 'number':
      return fc.nat();
    default:
      throw new TypeError(`no values are known for ${def.type}`);
  }
}

const progresses = fc
  .tuple(arbitraryOf(trainingProgressSchema), fc.uint32Array())
  .map(([rest, permutation]) => ({ ...(rest as object), permutation }) as TrainingProgress);

const vectors = (...sizes: number[]): Float32Array[] =>
  sizes.map((size) => Float32Array.from({ length: size }, (_, i) => i + size / 8));

describe('a checkpoint', () => {
  it('gives back every field of a progress, and the state', () => {
    fc.assert(
      fc.property(progresses, (progress) => {
        const state = vectors(3, 2);
        expect(decodeCheckpoint(encodeCheckpoint({ progress, state }), [3, 2])).toEqual({
          progress,
          state,
        });
      }),
    );
  });

  it('of earlier code, which knew its terms by heart, is read as one of today', () => {
    const history = {
      best: null,
      bestEpoch: 0,
      epochsSinceBest: 0,
      reductions: 0,
      epochsSinceReduction: 0,
    };
    const counts = { epoch: 2, step: 5, optimizerSteps: 12, elapsedMs: 1.5, randomState: [1, 2] };
    const sums = { images: 40, loss: 9, nanBatches: 1, correct: 30 };
    const progress = { ...counts, history, sums: { ...sums, crossEntropy: 4, contrastive: 5 } };
    const permutation = Uint32Array.of(3, 1, 2);
    const bytes = encodeSafetensors({
      tensors: { permutation: { shape: [3], values: permutation } },
      metadata: { progress: JSON.stringify(progress) },
    });
    expect(decodeCheckpoint(bytes, []).progress).toEqual({
      ...counts,
      history,
      sums: { ...sums, terms: { crossEntropy: 4, contrastive: 5 } },
      permutation,
    });
  });

  it.each([
    ['no JSON', '{"epoch": 1'],
    ['a JSON of another kind', '[1]'],
    ['a field too few', '{"epoch": 1}'],
    ['nothing', undefined],
  ])('with %s for its progress is refused with a remedy', (_, json) => {
    const [progress] = fc.sample(progresses, 1) as [TrainingProgress];
    const { tensors } = decodeSafetensors(encodeCheckpoint({ progress, state: [] }), 'it');
    const metadata = json === undefined ? {} : { progress: json };
    expect(() => decodeCheckpoint(encodeSafetensors({ tensors, metadata }), [])).toThrow(
      expect.objectContaining({
        code: 'CORRUPT_INPUT',
        message: expect.stringContaining('progress is damaged') as string,
        remedy: expect.stringContaining('Start the run again') as string,
      }),
    );
  });

  it('that does not fit the model is refused', () => {
    const [progress] = fc.sample(progresses, 1) as [TrainingProgress];
    const bytes = encodeCheckpoint({ progress, state: vectors(3) });
    expect(() => decodeCheckpoint(bytes, [4])).toThrow(/state vector 0 does not fit/);
    expect(() => decodeCheckpoint(bytes, [3, 1])).toThrow(/state vector 1 does not fit/);
  });
});
