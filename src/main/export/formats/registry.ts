import { bundle } from './bundle.ts';
import type { RunFormat } from './format.ts';
import { npz } from './npz.ts';
import { onnx } from './onnx.ts';
import { parquet } from './parquet.ts';
import { tensorboard } from './tensorboard.ts';

/** What `runs export` can write; the first is what it writes unless told. */
export const runFormats: readonly RunFormat[] = [bundle, npz, parquet, tensorboard, onnx];
