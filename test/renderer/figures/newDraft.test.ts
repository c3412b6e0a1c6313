import { paradigmOf } from '../../../src/core/config/objectives.ts';
import { describe, expect, it } from 'vitest';
import { checkDraft, examplesOf, rowsOf, runsOf } from '../../../src/renderer/figures/draft.ts';
import type { FigureDraft } from '../../../src/renderer/figures/draft.ts';
import { addToDraft, orderParadigms, startDraft } from '../../../src/renderer/figures/newDraft.ts';
import { templates } from '../../../src/core/figures/spec.ts';
import { newest, runs } from './runs.ts';

const [c, r] = [newest('C').id, newest('R').id];
const evolution: FigureDraft = { template: 'cam-evolution', rows: [{ run: c, example: 4 }] };

describe('a new figure', () => {
  it.each(templates)('of %s can be drawn at once', (template) => {
    expect(checkDraft(startDraft(template, null, runs, 7)).error).toBeNull();
  });

  it('takes evaluated runs of one data set, C before R', () => {
    const draft = startDraft('cam-evolution', null, runs, 7);
    const [first, second] = runsOf(draft).map((id) => runs.find((run) => run.id === id));
    expect(first?.config.data.dataset).toBe(second?.config.data.dataset);
    const paradigms = [first, second].map((run) => run && paradigmOf(run.config));
    expect(paradigms).toEqual(['C', 'R']);
    expect([first?.last, second?.last]).not.toContain(null);
    expect(rowsOf(draft).map(({ example }) => example)).toEqual([7, 7]);
  });

  it('takes no run for a partner whose data set has the same name and is another', () => {
    const foreign = runs.map((run) => ({
      ...run,
      datasetId: run.id === c || run.datasetId === null ? run.datasetId : 'another',
    }));
    const draft = startDraft('cam-evolution', { template: 'cam-pair', run: c }, foreign, 7);
    expect(runsOf(draft)).toEqual([c]);
  });

  it('keeps runs, images and style of the one before, but not the width that suited it', () => {
    const style = { venue: 'nature', columns: 1, colorMap: 'grey' };
    const before = { ...evolution, style };
    const draft = startDraft('cam-pair', before, runs, 7);
    expect(draft).toEqual({
      template: 'cam-pair',
      run: c,
      example: 4,
      style: { venue: 'nature', colorMap: 'grey' },
    });
    expect(examplesOf(startDraft('paradigm-grid', before, runs, 7))).toEqual([4]);
  });

  it('spreads the columns of a long run, its best epoch among them', () => {
    const draft = startDraft('cam-evolution', evolution, runs, 7);
    const [longest] = runsOf(draft)
      .flatMap((id) => runs.find((run) => run.id === id) ?? [])
      .toSorted((a, b) => (b.last?.epoch ?? 0) - (a.last?.epoch ?? 0));
    const last = longest?.last?.epoch ?? 0;
    expect(last).toBeGreaterThan(10);
    const epochs = draft['epochs'] as number[];
    expect(epochs).toEqual(expect.arrayContaining([0, longest?.bestEpoch, last]));
    expect(epochs.length).toBeLessThanOrEqual(8);
  });

  it('is possible, if empty, without any run', () => {
    expect(startDraft('training-curves', null, [], 0)).toMatchObject({ runs: [] });
  });
});

it('C comes before R in whatever order they were named', () => {
  expect(orderParadigms([r, c], runs)).toEqual([c, r]);
});

describe('adding', () => {
  it('puts a row per run that is not there yet under an evolution', () => {
    const more = addToDraft(evolution, { runs: [c, r], example: 4 });
    expect(more).toEqual({
      template: 'cam-evolution',
      rows: [
        { run: c, example: 4 },
        { run: r, example: 4 },
      ],
    });
    expect(more && addToDraft(more, { runs: [c, r], example: 4 })).toBeNull();
    expect(evolution['rows']).toHaveLength(1);
  });

  it('puts an image into a grid of the same runs alone', () => {
    const grid: FigureDraft = { template: 'paradigm-grid', runs: [c, r], examples: [4] };
    expect(addToDraft(grid, { runs: [r], example: 5 })?.['examples']).toEqual([4, 5]);
    expect(addToDraft(grid, { runs: [r], example: 4 })).toBeNull();
    expect(addToDraft(grid, { runs: ['another'], example: 5 })).toBeNull();
  });

  it('puts runs into charts that have room for them', () => {
    const curves: FigureDraft = { template: 'training-curves', runs: [c] };
    expect(addToDraft(curves, { runs: [c, r], example: null })?.['runs']).toEqual([c, r]);
    expect(addToDraft(curves, { runs: [c], example: null })).toBeNull();
    const pair: FigureDraft = { template: 'metric-distribution', runs: [c, r] };
    expect(addToDraft(pair, { runs: ['another'], example: null })).toBeNull();
  });

  it('has no place in a figure of one image, nor beyond sixty rows', () => {
    const pair: FigureDraft = { template: 'cam-pair', run: c, example: 4 };
    expect(addToDraft(pair, { runs: [c], example: 5 })).toBeNull();
    const rows = Array.from({ length: 59 }, (_, example) => ({ run: c, example }));
    const full: FigureDraft = { template: 'cam-evolution', rows };
    expect(addToDraft(full, { runs: [c, r], example: 99 })).toBeNull();
    expect(addToDraft(full, { runs: [c], example: 99 })?.['rows']).toHaveLength(60);
  });
});
