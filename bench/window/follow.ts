/**
 * What it costs to follow other processes of a data folder: the processor time of an idle server, and how
 * long an epoch that another process stores takes to be told. `node bench/window/follow.ts [SECONDS]`.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openHistory } from '../../src/main/store/history.ts';
import { makeEpoch, newRun } from '../../test/main/store/fixtures.ts';
import { startWorkbenchServer } from '../../test/support/workbenchServer.ts';
import { printMachine, print, printHead, spread } from '../measure.ts';
import { startMeasuredServer, type MeasuredServer } from './server.ts';

const seconds = Number(process.argv[2] ?? 60);
const epochs = 20;

/** Of a process so far, its threads included, ms; the kernel counts in hundredths of a second. */
function readCpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

/** Without the probe, whose timer costs more than what is measured. */
async function measureIdle(dataDir: string): Promise<number> {
  const server = await startWorkbenchServer(dataDir);
  await delay(5000);
  const before = readCpuMs(server.pid);
  await delay(seconds * 1000);
  const cpuMs = readCpuMs(server.pid) - before;
  await server.stop();
  return cpuMs / (10 * seconds);
}

/** From an epoch's being stored to its event at a client, ms. */
async function measureDelays(server: MeasuredServer, dataDir: string): Promise<number[]> {
  const history = openHistory({ dataDir, version: 'bench' });
  const { id } = history.runs.insert(newRun());
  const delays: number[] = [];
  let storedAt = 0;
  const events = await server.client.events({});
  const heard = (async () => {
    for await (const event of events) {
      if (event.type !== 'epoch') continue;
      delays.push(performance.now() - storedAt);
      if (delays.length === epochs) break;
    }
  })();
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    history.insertEpoch(id, makeEpoch(epoch));
    storedAt = performance.now();
    await delay(700 + 37 * epoch);
  }
  await heard;
  history.close();
  return delays;
}

const dataDir = mkdtempSync(join(tmpdir(), 'afterimage-follow-'));
printMachine();
printHead('', '');
print('an idle server, % of a core', (await measureIdle(dataDir)).toFixed(2));
const server = await startMeasuredServer(dataDir);
print('an epoch of another process, ms p50 / p95', spread(await measureDelays(server, dataDir)));
await server.stop();
rmSync(dataDir, { recursive: true, force: true });
