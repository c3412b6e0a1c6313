import { expect, it } from 'vitest';
import { AfterimageError } from '../../../src/core/errors.ts';
import { findProcess } from '../../../src/main/platform/processes.ts';
import { runInProcess } from '../../../src/main/platform/taskProcess.ts';

const entry = new URL('./oddProcess.ts', import.meta.url);
const explainLoss = (end: string): AfterimageError =>
  new AfterimageError('INTERNAL', `Lost by ${end}.`, 'Try again.');

function start(job: string, signal?: AbortSignal) {
  const begun = Promise.withResolvers<number>();
  const onProgress = ({ done }: { done: number }): void => {
    begun.resolve(done);
  };
  const result = runInProcess<{ text: string; large: Uint8Array }>(entry, job, {
    onProgress,
    signal,
    explainLoss,
  });
  return { result, pid: begun.promise };
}

it('gives what the process answers, also where that is long, and leaves no process', async () => {
  const { result, pid } = start('answer');
  const { text, large } = await result;
  expect(text).toBe('answered');
  expect(large.length).toBe(2 ** 22);
  expect(large.every((byte) => byte === 7)).toBe(true);
  expect(findProcess(await pid)).toBeNull();
});

it.each([
  ['refuse', { code: 'CONFLICT', message: 'It is refused.', remedy: 'Ask else.' }],
  ['throw', { code: 'INTERNAL', message: 'a fault.' }],
  [
    'grow',
    { message: expect.stringMatching(/Invalid typed array length|allocation failed/) as string },
  ],
  ['end', { message: 'Lost by exit code 3.' }],
  ['abort', { message: 'Lost by signal SIGABRT.' }],
])('a process that shall %s is that call’s error', async (job, error) => {
  const { result, pid } = start(job);
  await expect(result).rejects.toMatchObject(error);
  expect(findProcess(await pid)).toBeNull();
});

it('the system’s own end of it is told by its signal', async () => {
  const { result, pid } = start('wait');
  process.kill(await pid, 'SIGKILL');
  await expect(result).rejects.toThrow('Lost by signal SIGKILL.');
});

it('aborting ends it with the signal’s reason, and the process is gone by then', async () => {
  const controller = new AbortController();
  const { result, pid } = start('wait', controller.signal);
  const known = await pid;
  controller.abort(new Error('changed my mind'));
  await expect(result).rejects.toThrow('changed my mind');
  expect(findProcess(known)).toBeNull();
});
