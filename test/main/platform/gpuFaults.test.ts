import { expect, it } from 'vitest';
import { findGpuFault } from '../../../src/main/platform/gpuFaults.ts';

it.each([
  'OOM when allocating tensor with shape[256,28,28,32] on /job:localhost/replica:0/task:0/device:GPU:0 by allocator GPU_0_bfc',
  'failed to allocate 2.00GiB (2147483648 bytes) from device: CUDA_ERROR_OUT_OF_MEMORY: out of memory',
  'RESOURCE_EXHAUSTED: Out of memory while trying to allocate 805306368 bytes.',
])('a full memory: %s', (line) => {
  expect(findGpuFault(`before\n  ${line}\nafter`)).toEqual({ kind: 'memory', line });
});

it.each([
  'failed to query event: CUDA_ERROR_ILLEGAL_ADDRESS: an illegal memory access was encountered',
  'failed call to cuInit: CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected',
  'Unable to determine the device handle for GPU 0000:3B:00.0: GPU is lost.  Reboot the system',
])('a card that is gone: %s', (line) => {
  expect(findGpuFault(line)).toEqual({ kind: 'lost', line });
});

it.each([
  'OOM when allocating tensor with shape[4096] on /job:localhost/replica:0/task:0/device:CPU:0 by allocator cpu',
  'This TensorFlow binary is optimized to use available CPU instructions',
  'memory access out of bounds',
  '',
])('nothing of a GPU: %s', (line) => {
  expect(findGpuFault(line)).toBeNull();
});
