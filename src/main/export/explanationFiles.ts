import sharp from 'sharp';
import type { Explanation } from '../../core/explainers/explanation.ts';
import { explainers } from '../../core/explainers/registry.ts';
import { encodeNpy } from '../../core/formats/npy.ts';
import {
  colorTable,
  defaultColorMap,
  divergingIndex,
  divergingTable,
  tableIndex,
  unpackColor,
} from '../../core/maps/colorMaps.ts';
import { zipFiles } from './zip.ts';

/** Maps by method, each list in the order of the epochs. */
function groupByMethod(explanations: readonly Explanation[]): Explanation[][] {
  return [...Map.groupBy(explanations, ({ method }) => method).values()];
}

/**
 * The maps as NumPy's archive: an array F32 [E, S, S] by each method's name, and `epochs` and
 * `target_classes` I32 [E], which all of them share.
 */
export function packExplanations(explanations: readonly Explanation[], size: number): Uint8Array {
  const groups = groupByMethod(explanations);
  const [first = []] = groups;
  const maps = groups.map((group): [string, Uint8Array] => {
    const values = Float32Array.from(group.flatMap(({ map }) => [...map]));
    const shape = [group.length, size, size];
    return [`${group[0]?.method ?? ''}.npy`, encodeNpy(shape, values)];
  });
  const facts = (of: (one: Explanation) => number): Uint8Array =>
    encodeNpy([first.length], Int32Array.from(first, of));
  return zipFiles({
    ...Object.fromEntries(maps),
    'epochs.npy': facts(({ epoch }) => epoch),
    'target_classes.npy': facts(({ targetClass }) => targetClass),
  });
}

/** Of the shorter side of a map in a picture, pixels, about. */
const shownSize = 168;
const gap = 6;

/** A packed colour for each value: from 0 to the largest, or, with signs, white at 0. */
function paint({ method, map }: Explanation): number[] {
  const most = map.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
  const table = colorTable(defaultColorMap);
  return Array.from(map, (value) =>
    explainers[method].signed
      ? (divergingTable[divergingIndex(value / most)] ?? 0)
      : (table[tableIndex(table, value / most)] ?? 0),
  );
}

/** The maps as a PNG: a row for each method, a column for each epoch, each map in its own range. */
export async function drawExplanations(
  explanations: readonly Explanation[],
  size: number,
): Promise<Uint8Array> {
  const rows = groupByMethod(explanations);
  const columns = Math.max(...rows.map((row) => row.length));
  const factor = Math.max(1, Math.round(shownSize / size));
  const step = size * factor + gap;
  const [width, height] = [columns * step - gap, rows.length * step - gap];
  const pixels = new Uint8Array(width * height * 3).fill(255);
  rows.forEach((row, y) => {
    row.forEach((one, x) => {
      const colors = paint(one);
      for (let i = 0; i < (size * factor) ** 2; i += 1) {
        const [down, right] = [Math.floor(i / (size * factor)), i % (size * factor)];
        const cell = Math.floor(down / factor) * size + Math.floor(right / factor);
        const at = (y * step + down) * width + x * step + right;
        pixels.set(unpackColor(colors[cell] ?? 0), at * 3);
      }
    });
  });
  const image = sharp(pixels, { raw: { width, height, channels: 3 } });
  return image.png().toBuffer();
}
