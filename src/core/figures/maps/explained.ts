import { explainers } from '../../explainers/registry.ts';
import type { Explanation } from '../../explainers/explanation.ts';
import { shareOfLargest } from '../../maps/shareOfLargest.ts';
import type { DataCell, DataTable } from '../figure.ts';
import type { ColorBar, MapPicture, ShownImage } from './maps.ts';
import { listPlanes, precise } from './mapTable.ts';

/** A map by any method, as computed. */
export type ShownExplanation = Pick<
  Explanation,
  'method' | 'options' | 'epoch' | 'targetClass' | 'map'
>;

/** Its picture: shares of its own largest absolute value, by a diverging table where it has signs. */
export const pictureOf = ({ method, map }: ShownExplanation): MapPicture => ({
  kind: 'explained',
  signed: explainers[method].signed,
  values: shareOfLargest(map),
});

const bars: Record<'unsigned' | 'signed', ColorBar> = {
  unsigned: { table: 'cam', wordings: ['map / its maximum', 'map'] },
  signed: {
    table: 'difference',
    wordings: ['signed map / its largest absolute value', 'signed map / its largest', 'signed map'],
  },
};

/** The colour bars that maps by these methods need. */
export function barsOf(methods: readonly ShownExplanation['method'][]): ColorBar[] {
  const signs = new Set(methods.map((method) => explainers[method].signed));
  return [...(signs.has(false) ? [bars.unsigned] : []), ...(signs.has(true) ? [bars.signed] : [])];
}

/** `samples 200, cells 7`; empty where a method has none. */
export const describeOptions = (options: ShownExplanation['options']): string =>
  Object.entries(options)
    .map(([name, value]) => `${name} ${value ?? 'chosen'}`)
    .join(', ');

/** An image, with the maps that explain it. */
export interface ExplainedRow {
  image: ShownImage;
  explained: readonly ShownExplanation[];
}

const columns = ['kind', 'options', 'run', 'exampleId', 'label', 'epoch', 'targetClass', 'y'];

function listRows(of: readonly DataCell[], values: ArrayLike<number>, size: number): DataCell[][] {
  return Array.from({ length: size }, (_, y) => [
    ...of,
    y,
    ...Array.from({ length: size }, (__, x) => precise(values[y * size + x] ?? 0)),
  ]);
}

/** The values of all images and maps, one row of pixels a line. */
export function tabulateExplained(rows: readonly ExplainedRow[], runId: string): DataTable {
  const size = rows[0]?.image.size ?? 0;
  return {
    columns: [...columns, ...Array.from({ length: size }, (_, x) => `x${x}`)],
    rows: rows.flatMap(({ image, explained }) => {
      const { exampleId, label } = image;
      return [
        ...listPlanes({ run: '', image, map: null }).flatMap(([kind, values]) =>
          listRows([kind, '', '', exampleId, label, null, null], values, size),
        ),
        ...explained.flatMap(({ method, options, epoch, targetClass, map }) => {
          const of = [
            method,
            describeOptions(options),
            runId,
            exampleId,
            label,
            epoch,
            targetClass,
          ];
          return listRows(of, map, size);
        }),
      ];
    }),
  };
}
