import { unzipSync } from 'fflate';
import { describe, expect, it, vi } from 'vitest';
import type { Workbench } from '../../../src/main/workbench.ts';
import { buildFigure, encodeFigure } from '../../../src/main/export/figureBuild.ts';
import { creatorOf } from '../../../src/main/export/figureRecord.ts';
import { version } from '../../../src/main/version.ts';
import { DatasetCache } from '../../../src/main/workbench/datasetsApi.ts';
import { createFigureSource } from '../../../src/main/workbench/figureSource.ts';
import { parseFigureSpec } from '../../../src/core/figures/spec.ts';
import { errorOf } from '../store/fixtures.ts';
import { create, finishRun, makeWorkbench, playEpochs } from './playedWorkbench.ts';

/** A workbench with a finished run of three epochs, its first test image, and a figure of both. */
async function makeFinished() {
  const { workbench, next } = await makeWorkbench();
  const runId = await create(workbench);
  const trainer = await next();
  playEpochs(trainer, 2);
  await finishRun(workbench, trainer);
  const example = trainer.job.split.test[0] ?? 0;
  const specification = { template: 'cam-evolution', rows: [{ run: 'a run', example }] };
  return { workbench, api: workbench.api.figures, runId, example, specification };
}

/** The same figure without a thread. */
const buildHere = (workbench: Workbench, specification: unknown) =>
  buildFigure(
    parseFigureSpec(specification),
    createFigureSource(workbench.history, new DatasetCache(workbench.library), workbench),
  );

describe('whose caller goes', () => {
  const count = async (work: () => Promise<unknown>): Promise<number> => {
    let threads = 0;
    const counting = (): unknown => (threads += 1);
    process.on('worker', counting);
    await work();
    process.off('worker', counting);
    return threads;
  };

  it('a file is left where it is, a picture is finished; the next is made in any case', async () => {
    const { api, specification } = await makeFinished();
    const reason = new Error('no longer wanted');
    const leave = async (call: (signal: AbortSignal) => Promise<unknown>): Promise<void> => {
      const controller = new AbortController();
      const left = call(controller.signal);
      controller.abort(reason);
      await expect(left).rejects.toBe(reason);
      expect((await api.build({ specification }, {})).svg.size).toBeGreaterThan(1000);
    };
    const threads = [
      await count(() => api.build({ specification }, {})),
      await count(() => leave((signal) => api.build({ specification }, { signal }))),
      await count(() =>
        leave((signal) => api.export({ specification, file: 'zip', stem: 'f' }, { signal })),
      ),
    ];
    expect(threads).toEqual([1, 0, 1]);
  });
});

describe('a preview', () => {
  it('is the picture that an export writes, to the byte', async () => {
    const { workbench, api, runId, specification } = await makeFinished();
    const preview = await api.build({ specification }, {});
    const figure = await buildHere(workbench, specification);
    expect(await preview.svg.text()).toBe(figure.svg);
    expect(preview).toMatchObject({
      title: figure.title,
      caption: figure.caption,
      widthPt: figure.style.widthPt,
      heightPt: figure.heightPt,
      specification: { rows: [{ run: runId }] },
    });
    const exported = await api.export({ specification, file: 'svg', stem: 'f' }, {});
    expect(await exported.text()).toBe(figure.svg);
  });

  it('shows what was stored a moment ago', async () => {
    const { workbench, next } = await makeWorkbench();
    const { figures } = workbench.api;
    const runId = await create(workbench);
    const trainer = await next();
    playEpochs(trainer, 0);
    const specification = { template: 'training-curves', runs: [runId] };
    const before = await figures.build({ specification }, {});
    playEpochs(trainer, 1);
    const after = await figures.build({ specification }, {});
    expect(await after.svg.text()).not.toBe(await before.svg.text());
  });

  it('says in one line what is wrong with its specification', async () => {
    const { api, runId } = await makeFinished();
    const attempt = (specification: Record<string, unknown>) =>
      errorOf(() => api.build({ specification }, {}));
    expect(await attempt({ template: 'pie' })).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(await attempt({ template: 'confusion-matrix', run: 'nobody' })).toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no run nobody.',
    });
    const narrow = { template: 'confusion-matrix', run: runId, style: { widthMm: 1 } };
    expect(await attempt(narrow)).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('1.0 mm') as string,
    });
  });

  it('that cannot be handed to a thread is refused alone', async () => {
    const { api, specification } = await makeFinished();
    // What a socket's decoder makes of a call may be any of these.
    for (const odd of [new URL('http://localhost'), (): null => null, new WeakMap()]) {
      const rows = [{ run: odd, example: 0 }];
      const refused = await errorOf(() =>
        api.build({ specification: { ...specification, rows } }, {}),
      );
      expect(refused).toMatchObject({ code: 'INVALID_ARGUMENT' });
      const file = { file: 'png', stem: 'f' } as const;
      expect(
        await errorOf(() =>
          api.export({ specification: { ...specification, title: odd }, ...file }, {}),
        ),
      ).toMatchObject({ code: 'INVALID_ARGUMENT' });
    }
    expect((await api.build({ specification }, {})).svg.size).toBeGreaterThan(1000);
  });

  it('that nobody waits for any longer is not begun', async () => {
    const { api, specification } = await makeFinished();
    const leaving = new AbortController();
    const first = api.build({ specification }, {});
    const second = errorOf(() => api.build({ specification }, { signal: leaving.signal }));
    leaving.abort(new Error('gone'));
    expect((await second).message).toBe('gone');
    expect((await first).svg.size).toBeGreaterThan(0);
    expect((await api.build({ specification }, {})).svg.size).toBeGreaterThan(0);
  });

  it('leaves this thread free to answer', async () => {
    const { api, runId, specification } = await makeFinished();
    await api.build({ specification }, {});
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    const large = { template: 'confusion-matrix', run: runId, style: { widthPt: 800, dpi: 600 } };
    await api.export({ specification: large, file: 'png', stem: 'f' }, {});
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });
});

describe('an export', () => {
  it('gives every file, and all of them in one', async () => {
    const { workbench, api, runId, specification } = await makeFinished();
    const figure = await buildHere(workbench, specification);
    const creator = creatorOf(version);
    const bytesOf = async (file: 'svg' | 'pdf' | 'png' | 'csv' | 'json' | 'zip') =>
      new Uint8Array(
        await (await api.export({ specification, file, stem: 'Figure 1' }, {})).arrayBuffer(),
      );
    const files = unzipSync(await bytesOf('zip'));
    expect(Object.keys(files).toSorted()).toEqual(
      ['csv', 'figure.json', 'pdf', 'png', 'svg'].map((ending) => `Figure 1.${ending}`),
    );
    for (const file of ['svg', 'pdf', 'png', 'csv'] as const) {
      expect(files[`Figure 1.${file}`], file).toEqual(await bytesOf(file));
    }
    for (const file of ['pdf', 'png'] as const) {
      const here = Uint8Array.from(await encodeFigure(figure, file, creator));
      expect(await bytesOf(file), file).toEqual(here);
    }
    const record: unknown = JSON.parse(new TextDecoder().decode(files['Figure 1.figure.json']));
    expect(record).toMatchObject({
      application: version,
      specification: { rows: [{ run: runId }] },
      runs: [{ id: runId, name: 'a run', seed: 4 }],
    });
    expect(await bytesOf('zip')).toEqual(await bytesOf('zip'));
  });
});

describe('saved figures', () => {
  it('name runs by id, so that a renamed run stays the same', async () => {
    const { workbench, api, runId, specification } = await makeFinished();
    const saved = await api.save({ id: null, name: 'Figure 1', specification }, {});
    expect(saved.specification).toMatchObject({ rows: [{ run: runId }] });
    await workbench.api.runs.rename({ runId, name: 'another name' }, {});
    const { title } = await api.build({ specification: saved.specification }, {});
    expect(title).toContain('another name');
    const again = await api.save(
      { id: saved.id, name: 'Figure 2', specification: saved.specification },
      {},
    );
    expect(await api.list({}, {})).toEqual([again]);
    expect(await api.rename({ id: saved.id, name: 'Figure 3' }, {})).toMatchObject({
      name: 'Figure 3',
    });
    await api.remove({ id: saved.id }, {});
    expect(await api.list({}, {})).toEqual([]);
  });

  it('are told of in events', async () => {
    const { workbench, api, specification } = await makeFinished();
    const publish = vi.spyOn(workbench.events, 'publish');
    const { id } = await api.save({ id: null, name: 'n', specification }, {});
    await api.rename({ id, name: 'm' }, {});
    await api.remove({ id }, {});
    expect(publish.mock.calls).toEqual(Array.from({ length: 3 }, () => [{ type: 'figures' }]));
  });

  it('of a run that was purged stay in the list and say so when they are built', async () => {
    const { workbench, api, runId, specification } = await makeFinished();
    const saved = await api.save({ id: null, name: 'kept', specification }, {});
    await workbench.api.runs.delete({ runIds: [runId] }, {});
    expect((await api.build({ specification: saved.specification }, {})).svg.size).toBeGreaterThan(
      0,
    );
    await workbench.api.runs.purge({ runIds: [runId] }, {});
    expect(await api.list({}, {})).toEqual([saved]);
    expect(
      await errorOf(() => api.build({ specification: saved.specification }, {})),
    ).toMatchObject({
      code: 'NOT_FOUND',
      message: `There is no run ${runId}.`,
    });
  });
});
