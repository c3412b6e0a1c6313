import { expect, it } from 'vitest';
import { trainAndReport } from '../../../src/main/cli/trainAndReport.ts';
import { create, makeWorkbench } from '../workbench/playedWorkbench.ts';

it('says once why several runs failed, with how many', async () => {
  const { workbench, next, dataDir } = await makeWorkbench();
  const runIds = [await create(workbench), await create(workbench), await create(workbench)];
  const notes: string[] = [];
  const output = {
    json: () => undefined,
    text: () => undefined,
    note: (text: string) => notes.push(text),
    ...{ interactive: false, lineLength: null },
  };
  const trained = trainAndReport(runIds, { workbench, output, dataDir, json: false });
  const full = { code: 'DISK_FULL', message: 'The disk is full.', remedy: 'Make room.' };
  const lost = { code: 'NO_NETWORK', message: 'No network.', remedy: 'Plug it in.' };
  for (const error of [full, lost, full]) {
    const trainer = await next();
    trainer.event({ type: 'failed', ...error });
    trainer.exit('exit code 1');
  }
  const [first = '', second = ''] = runIds;
  await expect(trained).rejects.toMatchObject({
    message: `Run a run (${second}) failed: No network.`,
    remedy: 'Plug it in.',
  });
  expect(notes.filter((note) => note.startsWith('error'))).toEqual([
    `error: Run a run (${first}) and 1 other failed: The disk is full. Make room.`,
  ]);
});
