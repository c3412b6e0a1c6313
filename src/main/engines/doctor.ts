import { availableParallelism } from 'node:os';
import { AfterimageError, factsOf } from '../../core/errors.ts';
import type { EngineReport } from '../../shared/nativeEngine.ts';
import { engineUnavailable } from './advice.ts';
import { checkEngine, logOf, verifyFiles } from './check.ts';
import { explainGpuLog, explainUnusedGpu, listGpus } from './gpu.ts';
import type { Host } from './host.ts';
import { machine } from './host.ts';
import { findCurrentEngine } from './layout.ts';

export interface DoctorOptions {
  dataDir: string;
  /** By default one per processor. */
  threads?: number | undefined;
  /** After this time the engine counts as hanging; 10 minutes by default. */
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

const defaultTimeoutMs = 600_000;

async function examine(
  { dataDir, threads = availableParallelism(), timeoutMs, signal }: DoctorOptions,
  host: Host,
  report: EngineReport,
): Promise<void> {
  const engine = await findCurrentEngine(dataDir);
  if (engine === null) {
    throw engineUnavailable('No native engine is installed.', 'Install it with `engine install`.');
  }
  const { folder, manifest } = engine;
  Object.assign(report, { folder, source: manifest.source });
  await verifyFiles(folder, manifest.files, signal);
  const { loaded, log } = await checkEngine(host, folder, {
    threads,
    gpu: manifest.gpu,
    timeoutMs: timeoutMs ?? defaultTimeoutMs,
    signal,
  });
  const use = { isGpuBuild: manifest.gpu, gpus: report.gpus, log };
  Object.assign(report, loaded, {
    gpuReason: loaded.device === 'gpu' ? null : explainUnusedGpu(use),
    healthy: true,
  });
}

/**
 * Examines the installed native engine: every file's checksum, then a process that loads it and runs
 * the test step. What is wrong is in the report; a crash or a hang of that process too.
 */
export async function doctor(options: DoctorOptions, host: Host = machine): Promise<EngineReport> {
  const report: EngineReport = {
    healthy: false,
    problem: null,
    folder: null,
    source: null,
    tensorflow: null,
    device: null,
    threads: null,
    largestDifference: null,
    deterministic: null,
    loadMs: null,
    compiler: null,
    compileMs: null,
    uncompiledReason: null,
    gpus: await listGpus(host, options.signal),
    gpuReason: null,
  };
  try {
    await examine(options, host, report);
  } catch (error) {
    if (!(error instanceof AfterimageError)) throw error;
    report.problem = factsOf(error);
    report.gpuReason = explainGpuLog(logOf(error));
  }
  return report;
}
