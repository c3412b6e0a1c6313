/** Why a GPU did not do what was asked: its memory is full, or it answers no more. */
export interface GpuFault {
  kind: 'memory' | 'lost';
  /** What its library said of it. */
  line: string;
}

/** In the words of CUDA's driver, its runtime, TensorFlow's allocator and XLA's. */
const patterns: readonly (readonly [GpuFault['kind'], RegExp])[] = [
  [
    'memory',
    /CUDA_ERROR_OUT_OF_MEMORY|cudaErrorMemoryAllocation|OOM when allocating .*device:GPU|RESOURCE_EXHAUSTED: .*(GPU|allocate)/,
  ],
  [
    'lost',
    /CUDA_ERROR_(NO_DEVICE|DEVICE_UNAVAILABLE|ECC_UNCORRECTABLE|HARDWARE_STACK_ERROR|ILLEGAL_ADDRESS|ILLEGAL_INSTRUCTION|LAUNCH_FAILED|LAUNCH_TIMEOUT|CONTEXT_IS_DESTROYED|SYSTEM_NOT_READY|UNKNOWN)|GPU is lost|Unexpected Event status/,
  ],
];

/** The first fault of a GPU that a text tells of. */
export function findGpuFault(text: string): GpuFault | null {
  for (const line of text.split('\n')) {
    const kind = patterns.find(([, pattern]) => pattern.test(line))?.[0];
    if (kind !== undefined) return { kind, line: line.trim() };
  }
  return null;
}
