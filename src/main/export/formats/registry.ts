import type { RunFormatName } from '../../../shared/exportCalls.ts';
import { writeBundle } from './bundle.ts';
import type { WriteRuns } from './format.ts';
import { writeNpz } from './npz.ts';
import { writeOnnx } from './onnx.ts';
import { writeParquet } from './parquet.ts';
import { writeTensorboard } from './tensorboard.ts';

/** What writes each format. */
export const runWriters: Readonly<Record<RunFormatName, WriteRuns>> = {
  bundle: writeBundle,
  npz: writeNpz,
  parquet: writeParquet,
  tensorboard: writeTensorboard,
  onnx: writeOnnx,
};
