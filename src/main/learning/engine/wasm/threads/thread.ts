/** A thread that helps the embedded engine's own: it takes parts of jobs until its process ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { createCompute } from './compute.ts';
import { JobBoard } from './jobBoard.ts';

/** What a thread is started with. */
export interface ThreadData {
  memory: WebAssembly.Memory;
  module: WebAssembly.Module;
  board: SharedArrayBuffer;
  thread: number;
}

const { memory, module, board, thread } = workerData as ThreadData;
const jobs = new JobBoard(board);
const compute = createCompute(memory, module, thread);
const report = (error: unknown): void => {
  console.error(error);
};

parentPort?.postMessage('ready');
for (;;) {
  jobs.waitForJob();
  jobs.takeParts(compute, report);
}
