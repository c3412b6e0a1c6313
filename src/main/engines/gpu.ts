import type { Gpu } from '../../shared/nativeEngine.ts';
import type { Host } from './host.ts';

/** The GPUs that `nvidia-smi` lists; none where there is no driver. */
export async function listGpus(host: Host, signal?: AbortSignal): Promise<Gpu[]> {
  const { code, stdout } = await host.run(
    'nvidia-smi',
    ['--query-gpu=name,memory.total,driver_version,compute_cap', '--format=csv,noheader,nounits'],
    { signal, timeoutMs: 20_000 },
  );
  if (code !== 0) return [];
  return stdout
    .split('\n')
    .map((line) => line.split(',').map((value) => value.trim()))
    .flatMap(([name = '', memory = '', driver = '', computeCapability = '']) =>
      name === '' ? [] : [{ name, memoryMiB: Number(memory), driver, computeCapability }],
    );
}

/** Names of the libraries that TensorFlow wrote it could not load. */
function listMissingLibraries(log: string): string[] {
  const names = [...log.matchAll(/Could not load dynamic library '([^']+)'/g)].map(
    ([, name = '']) => name,
  );
  return [...new Set(names)];
}

export interface GpuUse {
  /** Whether the installed library is a CUDA build. */
  isGpuBuild: boolean;
  gpus: Gpu[];
  /** What TensorFlow wrote while it was loaded. */
  log: string;
}

/** What TensorFlow wrote on why it uses no GPU, in one line; null where it wrote nothing of it. */
export function explainGpuLog(log: string): string | null {
  const ignored = /Ignoring visible gpu device(?:[^\n]*? with Cuda)?\s*([^\n]*)/i.exec(log)?.[1];
  if (ignored !== undefined) return `TensorFlow does not support this GPU: ${ignored}`;
  const missing = listMissingLibraries(log);
  if (missing.includes('libcuda.so.1')) {
    return 'There is no NVIDIA driver: libcuda.so.1 cannot be loaded.';
  }
  if (missing.length > 0) {
    return `CUDA libraries cannot be loaded: ${missing.join(', ')}. \`engine install --gpu\` installs them.`;
  }
  const cuInit = /failed call to cuInit: ([^\n]*)/.exec(log)?.[1];
  return cuInit === undefined ? null : `The NVIDIA driver does not start: ${cuInit}`;
}

/** Why TensorFlow computes on the CPU, in one line, from what it wrote and what the machine has. */
export function explainUnusedGpu({ isGpuBuild, gpus, log }: GpuUse): string {
  const [gpu] = gpus;
  if (isGpuBuild) return explainGpuLog(log) ?? 'TensorFlow lists no GPU and does not say why.';
  return gpu === undefined
    ? 'No NVIDIA driver lists a GPU, and the CPU build is installed.'
    : `The CPU build is installed; \`engine install --gpu\` installs the one for ${gpu.name}.`;
}
