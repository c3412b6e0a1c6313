import type * as tf from '@tensorflow/tfjs';

/** An output of TensorFlow, before tfjs wraps it. */
export interface NativeTensor {
  id: number;
  shape: number[];
  /** TensorFlow's DataType number. */
  dtype: number;
}

/** An attribute of a TensorFlow operation, as the binding takes it. */
export interface OpAttribute {
  name: string;
  /** One of the binding's TF_ATTR_* numbers. */
  type: number;
  value: unknown;
}

export type NativeValues = Float32Array | Int32Array | Uint8Array | number[] | boolean[];

/** The part of the compiled binding that this project calls. */
export interface NativeBinding {
  createTensor(shape: number[], dtype: number, values: NativeValues): number;
  executeOp(
    name: string,
    attributes: OpAttribute[],
    inputs: number[],
    outputs: number,
  ): NativeTensor[];
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  deleteTensor(id: number): void;
  runSavedModel(
    id: number,
    inputs: number[],
    inputNames: string,
    outputNames: string,
  ): NativeTensor[];
  TF_FLOAT: number;
  TF_INT32: number;
  TF_INT64: number;
  TF_UINT8: number;
  TF_BOOL: number;
  TF_ATTR_STRING: number;
  TF_ATTR_INT: number;
  TF_ATTR_FLOAT: number;
  TF_ATTR_BOOL: number;
  TF_ATTR_TYPE: number;
  TF_ATTR_SHAPE: number;
}

/** The part of @tensorflow/tfjs-node-gpu's backend that this project calls; its own types hide some of it. */
export interface NativeBackend {
  binding: NativeBinding;
  isUsingGpuDevice: boolean;
  getDTypeInteger(dtype: tf.DataType): number;
  getInputTensorIds(tensors: tf.TensorInfo[]): number[];
  createOutputTensor(tensor: NativeTensor): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: OpAttribute[],
    inputs: tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[];
}
