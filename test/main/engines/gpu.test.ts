import { describe, expect, test } from 'vitest';
import { explainUnusedGpu, listGpus } from '../../../src/main/engines/gpu.ts';
import { failed, fakeHost, succeeded } from './fakes.ts';

const card = {
  name: 'Quadro RTX 5000',
  memoryMiB: 16384,
  driver: '550.54',
  computeCapability: '7.5',
};

test('lists what nvidia-smi lists', async () => {
  const output = 'Quadro RTX 5000, 16384, 550.54, 7.5\nNVIDIA A100, 40960, 550.54, 8.0\n';
  const host = fakeHost({ 'nvidia-smi': () => succeeded(output) });
  expect(await listGpus(host)).toEqual([
    card,
    { name: 'NVIDIA A100', memoryMiB: 40960, driver: '550.54', computeCapability: '8.0' },
  ]);
});

test('lists none without nvidia-smi, or where it fails', async () => {
  expect(await listGpus(fakeHost())).toEqual([]);
  const host = fakeHost({ 'nvidia-smi': () => failed('no driver', 9) });
  expect(await listGpus(host)).toEqual([]);
});

describe('why no GPU is used', () => {
  // The lines are TensorFlow 2.21's own.
  const opened = 'dso_loader.cc:133] Successfully opened dynamic library libcuda.so.1\n';
  const unopened = (name: string): string =>
    `I0000 dso_loader.cc:144] Could not load dynamic library '${name}'; dlerror: ${name}: cannot open shared object file\n`;
  const cuInit = (words: string): string =>
    `E0000 cuda_platform.cc:52] failed call to cuInit: INTERNAL: CUDA error: Failed call to cuInit: ${words}\n`;
  const explain = (log: string, gpus = [card]): string =>
    explainUnusedGpu({ isGpuBuild: true, gpus, log });

  test('no driver', () => {
    const log = unopened('libcuda.so.1') + cuInit('UNKNOWN ERROR (303)');
    expect(explain(log, [])).toBe('There is no NVIDIA driver: libcuda.so.1 cannot be loaded.');
  });

  test('a driver without a device', () => {
    const log = opened + cuInit('CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected');
    expect(explain(log)).toContain('no CUDA-capable device is detected');
  });

  test('missing CUDA libraries, each named once', () => {
    const log =
      opened + unopened('libcudnn.so.9') + unopened('libcublas.so.12') + unopened('libcudnn.so.9');
    expect(explain(log)).toContain('cannot be loaded: libcudnn.so.9, libcublas.so.12.');
  });

  test('a GPU that is too old', () => {
    const log = `${opened}I0000 gpu_device.cc:2400] Ignoring visible gpu device (device: 0, name: K80, pci bus id: 0000:01:00.0, compute capability: 3.5) with Cuda compute capability 3.5. The minimum required Cuda capability is 6.0.\n`;
    expect(explain(log)).toBe(
      'TensorFlow does not support this GPU: compute capability 3.5. The minimum required Cuda capability is 6.0.',
    );
  });

  test('the CPU build', () => {
    const use = { isGpuBuild: false, log: '' };
    expect(explainUnusedGpu({ ...use, gpus: [card] })).toContain('engine install --gpu');
    expect(explainUnusedGpu({ ...use, gpus: [] })).toContain('No NVIDIA driver');
  });

  test('says so where TensorFlow says nothing', () => {
    expect(explain(opened)).toContain('does not say why');
  });
});
