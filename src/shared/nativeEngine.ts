import { z } from 'zod';
import { errorCodes } from '../core/errors.ts';

/** Name of the manifest in an installed engine's folder. */
export const engineManifestName = 'manifest.json';
/** Name of the compiled Node-API module in an installed engine's folder. */
export const engineBindingName = 'tfjs_binding.node';

/** What lies in a folder of TensorFlow's C library and its binding, and where it came from. */
export const engineManifestSchema = z.object({
  format: z.literal('afterimage-native-engine-1'),
  /** TensorFlow's version as the loaded library says it; `unknown` until it has been loaded. */
  tensorflow: z.string(),
  /** Whether it was installed for a GPU: a CUDA build with its run-time libraries. */
  gpu: z.boolean(),
  /** `process.platform` and `process.arch` that can load it. */
  platform: z.string(),
  arch: z.string(),
  /** Wheel, tarball or folder that the library was taken from. */
  source: z.string(),
  /** Of the binding's sources, the Node-API headers and the compiler. */
  versions: z.record(z.string(), z.string()),
  installedAt: z.iso.datetime(),
  /** By path relative to the folder, with `/`; the manifest itself is not among them. */
  files: z.record(
    z.string(),
    z.object({ bytes: z.number().int().min(0), sha256: z.string().length(64) }),
  ),
});
export type EngineManifest = z.infer<typeof engineManifestSchema>;

/** A manifest without its list of files. */
export const installationSchema = engineManifestSchema.omit({ files: true });

/** Whether an engine can be chosen, for lists; a cheap look, not a test. */
export const engineStatusSchema = z.object({
  name: z.enum(['native', 'wasm']),
  available: z.boolean(),
  /** Why it is not available. */
  reason: z.string().nullable(),
  manifest: installationSchema.nullable(),
});
export type EngineStatus = z.infer<typeof engineStatusSchema>;

export const gpuSchema = z.object({
  name: z.string(),
  memoryMiB: z.number(),
  driver: z.string(),
  computeCapability: z.string(),
});
export type Gpu = z.infer<typeof gpuSchema>;

/** What the doctor found of the native engine. */
export const engineReportSchema = z.object({
  healthy: z.boolean(),
  problem: z
    .object({ code: z.enum(errorCodes), message: z.string(), remedy: z.string() })
    .nullable(),
  folder: z.string().nullable(),
  source: z.string().nullable(),
  /** Null where the library could not be loaded, and so with the next ones. */
  tensorflow: z.string().nullable(),
  device: z.enum(['cpu', 'gpu']).nullable(),
  threads: z.number().int().nullable(),
  /** Largest absolute difference of the test step from the expected values. */
  largestDifference: z.number().nullable(),
  /** Whether the test step gave the same bits twice. */
  deterministic: z.boolean().nullable(),
  loadMs: z.number().nullable(),
  /** What compiles training steps; null where they run as graphs. */
  compiler: z.string().nullable(),
  /** How long the check took with it. */
  compileMs: z.number().nullable(),
  /** Why nothing compiles on a device where it could. */
  uncompiledReason: z.string().nullable(),
  /** What `nvidia-smi` lists. */
  gpus: z.array(gpuSchema),
  /** Why the device is not a GPU; null where it is one. */
  gpuReason: z.string().nullable(),
});
export type EngineReport = z.infer<typeof engineReportSchema>;

/**
 * What a CUDA build is asked for: kernels that add in one order, and whole float32 products, which
 * NVIDIA's libraries otherwise shorten to TF32's 10 bits of mantissa.
 */
const gpuEnvironment = {
  TF_DETERMINISTIC_OPS: '1',
  TF_CUDNN_DETERMINISM: '1',
  NVIDIA_TF32_OVERRIDE: '0',
};

/**
 * Where an engine's folder keeps what XLA compiled, for the next process. XLA knows it again by the graph
 * and not by its flags, so other flags want another number.
 */
export const compiledFolder = (engineFolder: string): string => `${engineFolder}/compiled-2`;

/**
 * XLA's own products for GPUs would use TF32 whatever NVIDIA's libraries are told; without them steps are faster,
 * too. It would lay images out with their channels last, as TF32 wants them, from where cuDNN transposes them for
 * each float32 convolution and back: by channel a step is a fifth faster.
 */
const xlaFlags = '--xla_gpu_enable_triton_gemm=false --xla_gpu_force_conv_nchw=true';

/** Flags of a compiler with what the user's own environment adds, which comes last and so counts. */
const withOwn = (flags: string, own: string | undefined): string =>
  own === undefined || own.includes(flags) ? (own ?? flags) : `${flags} ${own}`;

/** What the environment of TensorFlow's library follows from. */
export interface NativeUse {
  /** >= 1; bounds the threads within an operation and, separately, the operations that run at once. */
  threads: number;
  /** Whether it is a CUDA build. */
  gpu: boolean;
  /** The engine's. */
  folder: string;
}

/**
 * Environment in which TensorFlow's library must be loaded, once per process: it reads these
 * variables while it is loaded and at its first operation, so a process may still set them for itself.
 * The bits of a result depend on `threads`.
 *
 * @param own the environment that there is already
 */
export function nativeEnvironment(
  { threads, gpu, folder }: NativeUse,
  own: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const cache = `--tf_xla_persistent_cache_directory=${compiledFolder(folder)}`;
  return {
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: String(threads),
    // Without it every large tensor is mapped and unmapped anew, and page faults cost a fifth of the speed.
    TF_CPU_ALLOCATOR_USE_BFC: 'true',
    // Without it TensorFlow takes all of a GPU's memory.
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    TF_CPP_MIN_LOG_LEVEL: '2',
    ...(gpu && {
      ...gpuEnvironment,
      XLA_FLAGS: withOwn(xlaFlags, own['XLA_FLAGS']),
      TF_XLA_FLAGS: withOwn(cache, own['TF_XLA_FLAGS']),
    }),
  };
}
