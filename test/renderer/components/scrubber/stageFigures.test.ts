import { expect, it } from 'vitest';
import { ref, shallowRef } from 'vue';
import {
  useStageFigures,
  type StageFigure,
  type StageLook,
} from '../../../../src/renderer/components/scrubber/stageFigures.ts';
import {
  buildSides,
  useScrubber,
} from '../../../../src/renderer/components/scrubber/useScrubber.ts';
import type { ExampleHistory } from '../../../../src/renderer/examples/exampleHistory.ts';
import { colorTable, divergingTable } from '../../../../src/renderer/maps/colorMaps.ts';
import { buildHistory } from './histories.ts';

const grey = colorTable('grey');

/** Two runs at an epoch; the first one's map lies on the upper half, the other's as it is told. */
function start(look: Partial<StageLook> = {}, other: Partial<ExampleHistory> = {}, epoch = 0) {
  const beside = { ...buildHistory('b', [0, 0]), ...other };
  const main = buildHistory('a', [0, 0, 0]);
  const sides = buildSides({ main, beside: [beside], besideError: null, classMapsError: null }, []);
  const scrubber = useScrubber(shallowRef(sides), ref(epoch), ref(null), ref('predicted'));
  const whole: StageLook = {
    ...{ table: grey, pixels: 'squares', opacity: 1, isShared: false, figures: 'both' },
    ...look,
  };
  const { list, captions } = useStageFigures(
    scrubber,
    () => null,
    () => whole,
  );
  const figures = list(false);
  const find = (key: string): StageFigure => {
    const figure = figures.find((one) => one.key === key);
    if (figure === undefined) throw new Error(`no ${key}`);
    return figure;
  };
  const keys = (inRows: boolean): string[] => list(inRows).map(({ key }) => key);
  return { find, keys, captions };
}

const painted = ({ size, paint }: StageFigure): Uint32Array => {
  const pixels = new Uint32Array(size * size);
  paint(pixels);
  return pixels;
};

it('stand in one line, or in a row for each run', () => {
  const { keys } = start();
  expect(keys(false)).toEqual([
    'input',
    'map a',
    'overlay a',
    'map b',
    'overlay b',
    'difference b',
  ]);
  expect(keys(true)).toEqual(['input', 'map a', 'overlay a', 'difference b', 'map b', 'overlay b']);
  expect(start({ figures: 'maps' }).keys(false)).toEqual([
    'input',
    'map a',
    'map b',
    'difference b',
  ]);
  expect(start({ figures: 'overlays' }).keys(false)).toContain('overlay b');
});

it('read the value that they show at a pixel', () => {
  const { labelMaps } = buildHistory('b', [0, 0]);
  const { find } = start({}, { predictedMaps: labelMaps });
  const at = (key: string): string[] => [0, 3].map((y) => find(key).valueAt(1, y));
  expect(at('input')).toEqual(['1.00', '0.00']);
  expect(at('map a')).toEqual(['1.00', '0.00']);
  expect(at('map b')).toEqual(['0.00', '1.00']);
  // The second less the first.
  expect(at('difference b')).toEqual(['−1.00', '1.00']);
  expect(find('difference b').isPale).toBe(true);
  const colours = Uint8Array.from({ length: 48 }, (_, i) => [255, 51, 0][i % 3] ?? 0);
  const colour = start({}, { channels: 3, image: colours });
  expect(colour.find('input').valueAt(0, 0)).toBe('1.00');
});

it('share the largest value of all epochs and runs where that is chosen', () => {
  // The maps' maxima are 1, 2, 3 and 1, 2.
  const { find, captions } = start({ isShared: true });
  expect(find('map a').valueAt(0, 0)).toBe('0.33');
  expect(find('difference b').valueAt(0, 0)).toBe('0.00');
  expect(captions.value.get('map b')?.bar.scale).toBe('1 = 3, shared');
  expect(painted(find('map a'))[0]).toBe(grey[Math.round((grey.length - 1) / 3)]);
  const alone = start({}, {}, 1);
  expect(alone.captions.value.get('map b')?.bar.scale).toBe('1 = 2');
  expect(alone.find('map a').valueAt(0, 0)).toBe('1.00');
});

it('show native maps in as many pixels as the layer gave, and beside images in squares', () => {
  const cells = {
    mapSize: 2,
    levels: Uint8Array.of(255, 0, 0, 102, 0, 0, 0, 0),
    scales: Float32Array.of(5, 0),
  };
  const { find } = start({ pixels: 'native' }, { predictedMaps: cells });
  const white = grey.at(-1);
  expect([...painted(find('map b'))]).toEqual([white, grey[0], grey[0], grey[102]]);
  expect(find('overlay b').size).toBe(4);
  expect(painted(find('overlay b'))[15]).toBe(grey[102]);
  expect(find('map b').valueAt(3, 3)).toBe('0.40');
  // In the other quarter both maps are the same: one is 1 there, and so is the other.
  const between = painted(find('difference b'));
  expect(between[0]).toBe(divergingTable[(divergingTable.length - 1) / 2]);
});
