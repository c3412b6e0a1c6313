/** A thread that helps the embedded engine's own: it takes parts of jobs until its process ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { instantiate } from '../module/assembler.ts';
import { definitions } from '../module/moduleFunctions.ts';
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
const compute = {
  functions: instantiate(definitions, memory, module),
  viewOf: (address: number, length: number) => new Float32Array(memory.buffer, address, length),
  thread,
  part: 0,
  prepared: { loan: 0 },
};
const report = (error: unknown): void => {
  console.error(error);
};

parentPort?.postMessage('ready');
for (;;) {
  jobs.waitForJob();
  jobs.takeParts(compute, report);
}
