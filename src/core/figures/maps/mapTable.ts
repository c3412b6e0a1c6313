import type { DataCell, DataTable } from '../figure.ts';
import type { ShownImage, ShownMap } from './maps.ts';

/** One row of pixels or map values per line: what it is of, the row, and its values. */
export interface MapEntry {
  run: string;
  image: ShownImage;
  /** Null: the image itself, 0 to 255. */
  map: ShownMap | null;
}

/** Nine digits tell any two 32-bit floats apart. */
export const precise = (value: number): number => Number(value.toPrecision(9));

/** What the values of a map or an image are, and they, [size, size] each; of colours one per channel. */
export function listPlanes({ image, map }: MapEntry): [string, ArrayLike<number>][] {
  if (map !== null) return [['cam', map.cam]];
  const { pixels, size } = image;
  if (pixels.length === size ** 2) return [['image', pixels]];
  return ['image red', 'image green', 'image blue'].map((kind, k) => [
    kind,
    pixels.filter((_, i) => i % 3 === k),
  ]);
}

function listPlaneRows(
  { run, image, map }: MapEntry,
  [kind, values]: [string, ArrayLike<number>],
): DataCell[][] {
  const { size } = image;
  const of: DataCell[] = [
    kind,
    run,
    image.exampleId,
    image.label,
    map?.epoch ?? null,
    map?.targetClass ?? null,
    map?.predictedClass ?? null,
    map === null ? null : precise(map.confidence),
    map?.inputCorrelation == null ? null : precise(map.inputCorrelation),
  ];
  return Array.from({ length: size }, (_, y) => [
    ...of,
    y,
    ...Array.from({ length: size }, (__, x) => precise(values[y * size + x] ?? 0)),
  ]);
}

const columns = [
  'kind',
  'run',
  'exampleId',
  'label',
  'epoch',
  'targetClass',
  'predictedClass',
  'confidence',
  'inputCorrelation',
  'y',
];

/** The values of all images and maps of a figure. */
export function tabulateMaps(entries: readonly MapEntry[]): DataTable {
  const size = entries[0]?.image.size ?? 0;
  return {
    columns: [...columns, ...Array.from({ length: size }, (_, x) => `x${x}`)],
    rows: entries.flatMap((entry) =>
      listPlanes(entry).flatMap((plane) => listPlaneRows(entry, plane)),
    ),
  };
}
