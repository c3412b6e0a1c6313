import type { FigureExplaining } from '../../src/main/workbench/figureSource.ts';
import { noise } from './fakeDigits.ts';

/** Sides of the images that histories made for tests have. */
const imageSize = 28;

/** Maps and channels made from numbers alone, for histories whose networks are none. */
export const fakeExplaining: FigureExplaining = {
  explanations: {
    explain: ({ exampleId, epoch, target, methods, seed }) =>
      Promise.resolve(
        methods.map(({ name, options }, k) => ({
          ...{ method: name, options, epoch: Number(epoch), likeness: null, durationMs: 1 },
          targetClass: typeof target === 'number' ? target : exampleId % 10,
          map: Float32Array.from(
            { length: imageSize ** 2 },
            (_, i) => noise(exampleId, seed, k, i) - 0.5,
          ),
        })),
      ),
  },
  concepts: {
    weigh: ({ epoch }) => {
      const exampleIds = Uint32Array.of(3, 4, 5);
      return Promise.resolve({
        ...{ epoch: epoch ?? 0, layer: 'relu3' as const, exampleIds },
        targets: Uint8Array.of(3, 4, 5),
        relevance: Float32Array.from({ length: 3 * 4 }, (_, i) => noise(i, 1, 1, 1)),
      });
    },
  },
};
