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
const precise = (value: number): number => Number(value.toPrecision(9));

function listRows({ run, image, map }: MapEntry): DataCell[][] {
  const { size } = image;
  const values = map === null ? image.pixels : map.cam;
  const of: DataCell[] = [
    map === null ? 'image' : 'cam',
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
    ...Array.from(values.subarray(y * size, (y + 1) * size), precise),
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
    rows: entries.flatMap(listRows),
  };
}
