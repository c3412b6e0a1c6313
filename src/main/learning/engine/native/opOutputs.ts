/**
 * What TensorFlow calls the outputs of operations, from their definitions (tensorflow/core/ops/*.cc).
 * Values inside a graph's function go by these names; those of the plain graph do not need them.
 */
const single: Readonly<Record<string, string>> = {
  z: `Add AddV2 Sub Mul Div RealDiv FloorDiv FloorMod Mod Maximum Minimum Pow Atan2 SquaredDifference
    Equal NotEqual Less LessEqual Greater GreaterEqual LogicalAnd LogicalOr RsqrtGrad SqrtGrad
    TanhGrad SigmoidGrad BitwiseAnd`,
  y: `Abs Acos Asin Atan Cast Ceil Cos Erf Exp Expm1 Floor Inv IsFinite IsInf IsNan Log Log1p
    LogicalNot Neg OnesLike Reciprocal Round Rsqrt Sigmoid Sign Sin Sqrt Square Tan Tanh Transpose
    ZerosLike`,
  output: `All Any ArgMax ArgMin AvgPool AvgPoolGrad BatchMatMulV2 BiasAdd BiasAddGrad Bitcast ConcatV2 Const
    Conv2D Conv2DBackpropFilter Conv2DBackpropInput DepthwiseConv2dNative
    DepthwiseConv2dNativeBackpropFilter DepthwiseConv2dNativeBackpropInput Einsum ExpandDims Fill
    GatherNd GatherV2 Identity Max MaxPool MaxPoolGrad Mean Min MirrorPad OneHot Pack Pad PadV2 Prod
    Range Reshape ReverseV2 ScatterNd Select SelectV2 Slice Squeeze StatelessRandomUniformFullIntV2
    StridedSlice Sum TensorScatterUpdate Tile UnsortedSegmentSum`,
  activations: 'Elu LeakyRelu Relu Relu6 Selu Softplus',
  backprops: 'EluGrad LeakyReluGrad Relu6Grad ReluGrad SeluGrad SoftplusGrad',
  logsoftmax: 'LogSoftmax',
  out: 'Cumprod Cumsum',
  product: 'MatMul',
  resized_images: 'ResizeBilinear ResizeNearestNeighbor',
  softmax: 'Softmax',
  sum: 'AddN',
};

const normOutputs = [
  ...['y', 'batch_mean', 'batch_variance'],
  ...['reserve_space_1', 'reserve_space_2', 'reserve_space_3'],
];

/** Of operations with several outputs: a list of outputs under one name, or a name for each. */
const several: Readonly<Record<string, string | readonly string[]>> = {
  Split: 'output',
  SplitV: 'output',
  Unpack: 'output',
  StatelessWhile: 'output',
  TopKV2: ['values', 'indices'],
  ...Object.fromEntries(
    ['FusedBatchNorm', 'FusedBatchNormV3'].map((operation) => [operation, normOutputs]),
  ),
  FusedBatchNormGradV3: [
    ...['x_backprop', 'scale_backprop', 'offset_backprop'],
    ...['reserve_space_4', 'reserve_space_5'],
  ],
};

const byOperation = new Map(
  Object.entries(single).flatMap(([name, operations]) =>
    operations.split(/\s+/).map((operation) => [operation, name] as const),
  ),
);

/** Output `index` of the node `name` as a function's other nodes call it; null of an unknown operation. */
export function nameInFunction(name: string, operation: string, index: number): string | null {
  const names = several[operation];
  if (typeof names === 'string') return `${name}:${names}:${index}`;
  const output = names === undefined ? byOperation.get(operation) : names[index];
  return output === undefined ? null : `${name}:${output}:${names === undefined ? index : 0}`;
}
