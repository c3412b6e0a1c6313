import { sizeOf } from './layers.ts';
import type { Network } from './network.ts';

/** What one module of the embedded engine can address, bytes: 32 bits. */
export const embeddedMemory = 2 ** 32;

const bytesPerValue = 4;
/**
 * Copies of all activations that a step holds at its peak: 3.2 to 4.0 were measured under both
 * paradigms, on images of 48 and 96 pixels.
 */
const activationCopies = 4;
/** Parameters, gradients, the optimizer's two moments, and two more while they change. */
const parameterCopies = 6;

const countValues = (shapes: readonly { shape: readonly number[] }[]): number =>
  shapes.reduce((sum, { shape }) => sum + sizeOf(shape), 0);

const bytesPerImage = ({ layers }: Network): number =>
  layers.reduce((sum, { output, inner }) => sum + sizeOf(output) + inner, 0) *
  bytesPerValue *
  activationCopies;

const fixedBytes = ({ parameters }: Network): number =>
  countValues(parameters) * bytesPerValue * parameterCopies;

/** Peak of a training step, bytes, within about a quarter. */
export const estimateTrainingBytes = (network: Network, batchSize: number): number =>
  fixedBytes(network) + batchSize * bytesPerImage(network);

/** The largest batch of which a training step fits into so many bytes; 0 if none does. */
export const findLargestBatch = (network: Network, bytes: number): number =>
  Math.max(0, Math.floor((bytes - fixedBytes(network)) / bytesPerImage(network)));
