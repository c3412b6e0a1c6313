/** A thread that helps the embedded engine's own: it takes parts of jobs until its process ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { createCompute } from './compute.ts';
import { JobQueue } from './jobQueue.ts';

/** What a thread is started with. */
export interface ThreadData {
  memory: WebAssembly.Memory;
  module: WebAssembly.Module;
  queue: SharedArrayBuffer;
  thread: number;
}

const { memory, module, queue, thread } = workerData as ThreadData;
const compute = createCompute(memory, module, thread);
const jobs = new JobQueue(queue, compute, (error) => {
  console.error(error);
});

parentPort?.postMessage('ready');
for (;;) {
  jobs.waitForJob();
  jobs.work();
}
