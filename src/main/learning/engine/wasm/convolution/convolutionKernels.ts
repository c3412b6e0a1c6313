import * as tf from '@tensorflow/tfjs';
import { adjointOf, readConvolution, type Convolution } from './convolution.ts';
import { convolveInFrames } from './framedConvolution.ts';
import { computeKernelGradient } from './kernelGradient.ts';
import { registerKernel, type KernelCall } from '../register.ts';
import { canTile, computeKernelGradientInTiles, convolveTiles } from './tiledConvolution.ts';

type Shape4D = [number, number, number, number];

/** What all three kernels are told; the gradients' are without dilations. */
interface Attributes {
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  dataFormat: 'NHWC' | 'NCHW';
  dilations?: [number, number] | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function describe(x: readonly number[], kernel: readonly number[], attributes: Attributes) {
  return readConvolution(
    tf.backend_util.computeConv2DInfo(
      x as Shape4D,
      kernel as Shape4D,
      attributes.strides,
      attributes.dilations ?? 1,
      attributes.pad,
      attributes.dimRoundingMode,
      false,
      tf.backend_util.convertConv2DDataFormat(attributes.dataFormat),
    ),
  );
}

const outputShape = (c: Convolution): Shape4D => [c.batch, c.outHeight, c.outWidth, c.outChannels];

/** x [B, H, W, in], filter [h, w, in, out] -> [B, H', W', out] */
function convolve({
  instance,
  input,
  attributes,
  fallBack,
}: KernelCall<Attributes>): tf.TensorInfo {
  const [x, filter] = [input('x'), input('filter')];
  const convolution = describe(x.shape, filter.shape, attributes);
  // From one channel to one, tfjs adds up in another order.
  if (convolution === null || filter.shape.slice(2).every((size) => size === 1)) return fallBack();
  const y = instance.makeOutput(outputShape(convolution));
  const compute = canTile(convolution) ? convolveTiles : convolveInFrames;
  compute(instance, convolution, {
    x: instance.addressOf(x),
    kernel: instance.addressOf(filter),
    y: instance.addressOf(y),
  });
  return y;
}

type InputGradientAttributes = Attributes & { inputShape: number[] };

/** dy [B, H', W', out], filter [h, w, in, out] -> dx of `inputShape` */
function computeInputGradient(call: KernelCall<InputGradientAttributes>): tf.TensorInfo {
  const { instance, input, attributes, fallBack } = call;
  const [dy, filter] = [input('dy'), input('filter')];
  const convolution = describe(attributes.inputShape, filter.shape, attributes);
  if (convolution === null) return fallBack();
  const adjoint = adjointOf(convolution);
  if (!canTile(adjoint)) return fallBack();
  const dx = instance.makeOutput(outputShape(adjoint));
  const length = tf.util.sizeFromShape(filter.shape);
  instance.borrow([length] as const, (flipped) => {
    const taps = convolution.kernelHeight * convolution.kernelWidth;
    const { inChannels, outChannels } = convolution;
    const kernel = instance.addressOf(filter);
    instance.run('flipKernel', { kernel, flipped, taps, inChannels, outChannels }, taps);
    convolveTiles(instance, adjoint, {
      x: instance.addressOf(dy),
      kernel: flipped,
      y: instance.addressOf(dx),
    });
  });
  return dx;
}

type KernelGradientAttributes = Attributes & { filterShape: number[] };

/** x [B, H, W, in], dy [B, H', W', out] -> the gradient by the filter, of `filterShape` */
function computeFilterGradient(call: KernelCall<KernelGradientAttributes>): tf.TensorInfo {
  const { instance, input, attributes, fallBack } = call;
  const [x, dy] = [input('x'), input('dy')];
  const convolution = describe(x.shape, attributes.filterShape, attributes);
  if (convolution === null) return fallBack();
  const gradient = instance.makeOutput(attributes.filterShape);
  const compute = canTile(convolution) ? computeKernelGradientInTiles : computeKernelGradient;
  compute(instance, convolution, {
    x: instance.addressOf(x),
    kernel: instance.addressOf(gradient),
    y: instance.addressOf(dy),
  });
  return gradient;
}

export function registerConvolutions(): void {
  registerKernel('Conv2D', convolve);
  registerKernel('Conv2DBackpropInput', computeInputGradient);
  registerKernel('Conv2DBackpropFilter', computeFilterGradient);
}
