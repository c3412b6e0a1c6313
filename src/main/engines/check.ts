import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { errorCodes, errorFrom, type AfterimageError } from '../../core/errors.ts';
import type { EngineManifest } from '../../shared/nativeEngine.ts';
import { nativeEnvironment } from '../../shared/nativeEngine.ts';
import { sizeOf } from '../platform/files.ts';
import { computeFileChecksum } from '../platform/hashes.ts';
import { engineUnavailable, reinstallAdvice } from './advice.ts';
import type { CommandResult } from '../platform/commands.ts';
import type { Host } from './host.ts';

const entry = fileURLToPath(new URL('../learning/engineCheck/doctorProcess.ts', import.meta.url));

/** What a loaded engine said of itself. */
const loadedSchema = z.object({
  tensorflow: z.string(),
  device: z.enum(['cpu', 'gpu']),
  threads: z.number(),
  loadMs: z.number(),
  compiler: z.string().nullable(),
  compileMs: z.number().nullable(),
  uncompiledReason: z.string().nullable(),
  largestDifference: z.number(),
  /** Whether the test step gave the same bits twice. */
  deterministic: z.boolean(),
});
export type LoadedEngine = z.infer<typeof loadedSchema>;

const answerSchema = z.union([
  loadedSchema,
  z.object({ code: z.enum(errorCodes), message: z.string(), remedy: z.string() }),
]);

export interface CheckOptions {
  threads: number;
  gpu: boolean;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/** Relative; float32 rounding of the test step stays far below. */
const allowedDifference = 1e-4;

/** Largest part of a native library's last words that is shown. */
const shownCharacters = 300;

function describeEnd({ timedOut, signal, code, stderr }: CommandResult, seconds: number): string {
  if (timedOut) return `it did not answer within ${seconds} s`;
  const words = stderr.trim().split('\n').at(-1)?.slice(0, shownCharacters) ?? '';
  const end = signal === null ? `ended with exit code ${code ?? '?'}` : `was ended by ${signal}`;
  return `its process ${end}${words === '' ? '' : `: ${words}`}`;
}

/** What TensorFlow wrote while it was loaded, where `checkEngine` failed. */
export const logOf = ({ cause }: AfterimageError): string =>
  typeof cause === 'string' ? cause : '';

/**
 * Loads an engine in a process of its own and runs the test step there. `log` is what TensorFlow
 * wrote. Throws ENGINE_UNAVAILABLE, also where the process crashes or hangs.
 */
export async function checkEngine(
  host: Host,
  folder: string,
  { threads, gpu, timeoutMs, signal }: CheckOptions,
): Promise<{ loaded: LoadedEngine; log: string }> {
  const result = await host.run(process.execPath, [entry, folder, String(threads)], {
    env: {
      ...nativeEnvironment({ threads, gpu, folder }, process.env),
      // TensorFlow's own words on devices, and on each library that it fails to load.
      TF_CPP_MIN_LOG_LEVEL: '0',
      TF_CPP_VMODULE: 'dso_loader=1',
      ELECTRON_RUN_AS_NODE: '1',
    },
    timeoutMs,
    signal,
  });
  const log = result.stderr;
  const answer = answerSchema.safeParse(parseLastLine(result.stdout));
  if (!answer.success) {
    throw engineUnavailable(
      `The engine in ${folder} does not run: ${describeEnd(result, timeoutMs / 1000)}.`,
      reinstallAdvice,
      log,
    );
  }
  if ('code' in answer.data) throw errorFrom(answer.data, log);
  if (!(answer.data.largestDifference <= allowedDifference)) {
    throw engineUnavailable(
      `The engine in ${folder} computes wrong numbers: its test step differs by ${answer.data.largestDifference}.`,
      reinstallAdvice,
      log,
    );
  }
  return { loaded: answer.data, log };
}

function parseLastLine(stdout: string): unknown {
  try {
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  } catch {
    return null;
  }
}

/**
 * Compares every file of an engine with its manifest; reads all of it (a second per GB). Throws
 * ENGINE_UNAVAILABLE naming the first file that is missing or changed.
 */
export async function verifyFiles(
  folder: string,
  files: EngineManifest['files'],
  signal?: AbortSignal,
): Promise<void> {
  for (const [name, { bytes, sha256 }] of Object.entries(files)) {
    const path = join(folder, name);
    const size = await sizeOf(path);
    if (size === null) throw engineUnavailable(`${path} is missing.`, reinstallAdvice);
    if (size !== bytes || (await computeFileChecksum(path, 'sha256', { signal })) !== sha256) {
      throw engineUnavailable(
        `${path} is damaged: it is not the file that was installed.`,
        reinstallAdvice,
      );
    }
  }
}
