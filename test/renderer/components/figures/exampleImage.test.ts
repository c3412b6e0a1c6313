// @vitest-environment jsdom
import { flushPromises, mount } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { expect, it } from 'vitest';
import { encodeSafetensors } from '../../../../src/core/formats/safetensors.ts';
import ExampleImage from '../../../../src/renderer/components/figures/ExampleImage.vue';
import PixelCanvas from '../../../../src/renderer/components/maps/PixelCanvas.vue';
import { apiKey } from '../../../../src/renderer/stores/client.ts';

/** Pixels a side of the canvas that a test image of this shape is given. */
async function sideOf(shape: number[]): Promise<unknown> {
  const values = new Uint8Array(shape.reduce((product, axis) => product * axis, 1));
  const file = encodeSafetensors({ tensors: { images: { shape, values } }, metadata: {} });
  // What the reader takes of a Blob, which jsdom's has not.
  const blob = { arrayBuffer: () => Promise.resolve(file.slice().buffer) };
  const client = { datasets: { images: () => Promise.resolve(blob), list: () => [] } };
  const connection = { state: 'open', onChange: () => () => undefined };
  const mounted = mount(ExampleImage, {
    props: { datasetId: 'set', exampleId: 3 },
    global: { plugins: [createPinia()], provide: { [apiKey as symbol]: { client, connection } } },
  });
  await flushPromises();
  await flushPromises();
  return (mounted.findComponent(PixelCanvas).props() as { size: number }).size;
}

it('has as many pixels a side as the image, be it grey or of colours', async () => {
  expect(await sideOf([1, 28, 28])).toBe(28);
  expect(await sideOf([1, 32, 32, 3])).toBe(32);
});
