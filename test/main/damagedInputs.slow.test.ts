import { expect, it } from 'vitest';
import { fuzz } from '../support/fuzz.ts';

it('damaged files, figures and messages are read or refused, and nothing else', async () => {
  const { faults, refused, inputs, peakBytes } = await fuzz(2500, 42);
  expect(faults).toEqual([]);
  // Most damage shows, and every kind has come.
  expect(refused).toBeGreaterThan(1000);
  expect(Object.keys(inputs).sort()).toEqual([
    'bundle',
    'dicom',
    'figure',
    'frame',
    'idx',
    'images',
    'npz',
    'safetensors',
  ]);
  expect(peakBytes).toBeLessThan(2 ** 30);
});
