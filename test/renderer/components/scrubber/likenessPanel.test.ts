// @vitest-environment jsdom
import { mount } from '@vue/test-utils';
import { expect, it } from 'vitest';
import { ref, shallowRef } from 'vue';
import LikenessPanel from '../../../../src/renderer/components/scrubber/LikenessPanel.vue';
import { prepareMap } from '../../../../src/renderer/components/scrubber/useExplained.ts';
import {
  buildSides,
  useScrubber,
} from '../../../../src/renderer/components/scrubber/useScrubber.ts';
import type { Explained } from '../../../../src/renderer/stores/explanations.ts';
import { buildHistory } from './histories.ts';

/** What of a mounted component this test uses. */
interface Mounted {
  text: () => string;
  findAll: (selector: string) => { attributes: (name: string) => string | undefined }[];
}

function open(changes: Partial<Explained>): Mounted {
  const main = buildHistory('a', [0, 1, 0]);
  const shown = { main, beside: [], besideError: null, classMapsError: null };
  const sides = shallowRef(buildSides(shown, []));
  const scrubber = useScrubber(sides, ref(2), ref(null), ref('predicted'));
  const map = prepareMap({
    ...{ method: 'prototype', epoch: 2, targetClass: 1, map: new Float32Array(16) },
    likeness: {
      ...{ prototype: 2, prototypes: 5, similarity: 4, mapSize: 4 },
      patch: { image: 12, row: 1, column: 3, epoch: 1 },
    },
    trainingImage: new Uint8Array(16),
    ...changes,
  });
  const facts = { title: 'Prototype', family: 'cam', signed: false, table: null } as const;
  const explained = { ...facts, mapOf: () => map };
  return mount(LikenessPanel, { props: { scrubber, explained, smooth: false } });
}

it('frames the patch on the training image, and says which prototype of which class it is', () => {
  const panel = open({});
  expect(panel.text()).toContain('Prototype 2 of 5 for b');
  expect(panel.text()).toContain('Training image 12, row 2, column 4 of 4\u00a0×\u00a04');
  expect(panel.text()).toContain('Projected after epoch 1, moved since');
  const [frame] = panel.findAll('.frame');
  expect(frame?.attributes('style')).toBe('top: 25%; left: 75%; width: 25%; height: 25%;');
});

it('has no picture of a prototype that is no patch yet, and nothing of other methods', () => {
  const patch = { ...{ prototype: 1, prototypes: 1, similarity: 1, mapSize: 4 }, patch: null };
  const none = open({ likeness: patch, trainingImage: null });
  expect(none.text()).toContain('No training image yet');
  expect(none.findAll('canvas')).toHaveLength(0);
  expect(open({ likeness: null, trainingImage: null }).text()).toBe('');
});
