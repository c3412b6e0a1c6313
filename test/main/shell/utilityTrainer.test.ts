import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import { utilityTrainer } from '../../../src/main/shell/utilityTrainer.ts';
import type { Electron } from '../../../src/main/shell/electron.ts';
import { trainerDone } from '../../../src/main/shell/trainerDoneMessage.ts';
import { presets } from '../../../src/core/config/presets.ts';
import type { TrainerCommand } from '../../../src/shared/trainerEvents.ts';

class ChildDouble extends EventEmitter {
  stdout = new PassThrough();
  stderr = new PassThrough();
  pid: number | undefined;
  posted: unknown[] = [];
  killed = 0;
  postMessage(message: unknown): void {
    this.posted.push(message);
  }
  kill(): void {
    this.killed += 1;
  }
}

function start(): {
  child: ChildDouble;
  forked: unknown[];
  handle: ReturnType<ReturnType<typeof utilityTrainer>>;
  listeners: {
    event: ReturnType<typeof vi.fn>;
    line: ReturnType<typeof vi.fn>;
    exit: ReturnType<typeof vi.fn>;
  };
} {
  const child = new ChildDouble();
  const forked: unknown[] = [];
  const fork = (...parts: unknown[]): ChildDouble => {
    forked.push(...parts);
    return child;
  };
  const listeners = { event: vi.fn(), line: vi.fn(), exit: vi.fn() };
  const startTrainer = utilityTrainer({ fork } as unknown as Electron['utilityProcess'], '/t.js');
  return { child, forked, handle: startTrainer({ TF_X: '1' }, listeners), listeners };
}

describe('utilityTrainer', () => {
  it('starts the entry with the environment that the engine needs', () => {
    const { forked } = start();
    expect(forked).toMatchObject(['/t.js', [], { env: { TF_X: '1' }, stdio: 'pipe' }]);
    expect((forked[2] as { env: object }).env).toHaveProperty('PATH');
  });

  it('passes commands, events and whole lines', async () => {
    const { child, handle, listeners } = start();
    handle.send({ type: 'pause' });
    expect(child.posted).toEqual([{ type: 'pause' }]);
    child.emit('message', { type: 'paused' });
    expect(listeners.event).toHaveBeenCalledExactlyOnceWith({ type: 'paused' });
    child.stderr.write('first half, ');
    child.stderr.write('second half\nnext');
    child.stderr.end();
    await vi.waitFor(() => {
      const lines = listeners.line.mock.calls.map(([line]: unknown[]) => line);
      expect(lines).toEqual(['first half, second half', 'next']);
    });
  });

  it('ends a trainer that has said its last word, which is no event', () => {
    const { child, listeners } = start();
    child.emit('message', trainerDone);
    expect(child.killed).toBe(1);
    expect(listeners.event).not.toHaveBeenCalled();
  });

  it('tells the end after the last lines, and even where the output never ends', async () => {
    const { child, listeners } = start();
    child.emit('exit', 139);
    child.stderr.end('terminate called\n');
    child.stdout.end();
    await vi.waitFor(() => {
      expect(listeners.exit).toHaveBeenCalledExactlyOnceWith('exit code 139');
    });
    expect(listeners.line).toHaveBeenCalledBefore(listeners.exit);
    const stuck = start();
    stuck.child.emit('exit', 0);
    await vi.waitFor(
      () => {
        expect(stuck.listeners.exit).toHaveBeenCalledOnce();
      },
      { timeout: 2000 },
    );
  });

  it('kills at once, and a process that is gone is no error', async () => {
    const { child, handle } = start();
    handle.kill();
    const process = spawn('sleep', ['60']);
    child.pid = process.pid;
    handle.kill();
    expect(await once(process, 'exit')).toEqual([null, 'SIGKILL']);
    expect(() => {
      handle.kill();
    }).not.toThrow();
  });
});

describe('the trainer as a utility process', () => {
  it('takes commands and gives events through its parent’s port, the last word last', async () => {
    // A worker's port stands for the utility process's: messages come inside an event.
    const entry = new URL('../../../src/main/shell/utilityTrainerProcess.ts', import.meta.url);
    const worker = new Worker(
      `const { parentPort } = require('node:worker_threads');
       process.parentPort = {
         postMessage: (message) => parentPort.postMessage(message),
         on: (name, listener) => parentPort.on(name, (data) => listener({ data })),
       };
       import(${JSON.stringify(entry.href)}).then(() => parentPort.postMessage('ready'));`,
      { eval: true, stderr: true },
    );
    const messages: unknown[] = [];
    worker.on('message', (message) => messages.push(message));
    await once(worker, 'message');
    const none = new Uint32Array();
    const command: TrainerCommand = {
      type: 'start',
      job: {
        runId: 'r1',
        config: presets['mnist-c'],
        seed: 1,
        engine: 'wasm',
        engineFolder: null,
        threads: 1,
        datasetPath: fileURLToPath(new URL('none.safetensors', import.meta.url)),
        datasetId: '',
        split: { train: none, validation: none, test: none },
        checkpoint: null,
        checkpointIntervalMs: 60_000,
      },
    };
    worker.postMessage(command);
    await vi.waitFor(
      () => {
        expect(messages).toHaveLength(3);
      },
      { timeout: 20_000 },
    );
    await worker.terminate();
    expect(messages).toMatchObject([
      'ready',
      { type: 'failed', message: expect.stringContaining('none.safetensors') as string },
      trainerDone,
    ]);
  });
});
