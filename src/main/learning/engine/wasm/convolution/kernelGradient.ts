import type { Convolution } from './convolution.ts';
import { clearFrames, fillFrames, lengthOf, type Frame } from './frames.ts';
import { floatBytes, type WasmInstance } from '../module/instance.ts';
import { inputImages, outputImages, type Operands } from './tiledConvolution.ts';

/**
 * kernel += the gradient of one image, framed. In frames of one width the input under an output lies
 * at the same distance for all outputs, so that each row of the kernel is a product of two matrices.
 */
function addImage(
  instance: WasmInstance,
  c: Convolution,
  { input, output }: { input: Frame; output: Frame },
  kernel: number,
  isFirst: boolean,
): void {
  const outBytes = c.outChannels * floatBytes;
  const rows = c.kernelWidth * c.inChannels;
  instance.functions.productOfTransposed({
    a: input.address,
    aLine: c.inChannels * floatBytes,
    aPlane: input.width * c.inChannels * floatBytes,
    b: output.address,
    bLine: outBytes,
    bPlane: 0,
    c: kernel,
    cLine: outBytes,
    cPlane: rows * outBytes,
    planes: c.kernelHeight,
    rows,
    depth: (c.outHeight - 1) * output.width + c.outWidth,
    columns: c.outChannels,
    accumulate: isFirst ? 0 : 1,
  });
}

/**
 * kernel = the gradient by the kernel, given y's gradient in `y`, for any convolution with stride 1.
 */
export function computeKernelGradient(
  instance: WasmInstance,
  c: Convolution,
  operands: Operands,
): void {
  const width = c.outWidth + c.kernelWidth - 1;
  const inFrame = {
    height: c.outHeight + c.kernelHeight - 1,
    width,
    channels: c.inChannels,
    top: c.padTop,
    left: c.padLeft,
  };
  const outFrame = { height: c.outHeight, width, channels: c.outChannels, top: 0, left: 0 };
  instance.borrow([lengthOf(inFrame), lengthOf(outFrame)] as const, (inAddress, outAddress) => {
    const frames = {
      input: { ...inFrame, address: inAddress },
      output: { ...outFrame, address: outAddress },
    };
    clearFrames(instance, frames.input, 1);
    clearFrames(instance, frames.output, 1);
    for (let i = 0; i < c.batch; i += 1) {
      fillFrames(instance, 1, inputImages(c, operands.x, i), frames.input);
      fillFrames(instance, 1, outputImages(c, operands.y, i), frames.output);
      addImage(instance, c, frames, operands.kernel, i === 0);
    }
  });
}
