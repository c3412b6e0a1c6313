import { BytesReader } from '../database/bytes.ts';
import type { ExampleShape } from './exampleCodec.ts';

/** What is the same in every epoch of a run, as its row holds it. */
export interface ExampleSetRow {
  classes: number;
  map_size: number;
  example_ids: Uint8Array;
  labels: Uint8Array;
  mask_area: Uint8Array;
}

/** The images of a run. */
export interface ExampleSet extends ExampleShape {
  /** [N] each */
  exampleIds: Uint32Array;
  labels: Uint8Array;
  maskArea: Float32Array;
}

export function decodeSet(row: ExampleSetRow): ExampleSet {
  const count = row.labels.length;
  const ids = new BytesReader(row.example_ids, 'a list of exampleIds');
  const areas = new BytesReader(row.mask_area, 'a list of mask areas');
  const set = {
    count,
    classes: row.classes,
    mapSize: row.map_size,
    exampleIds: ids.takeUint32(count),
    labels: new Uint8Array(row.labels),
    maskArea: areas.takeFloat32(count),
  };
  ids.end();
  areas.end();
  return set;
}
