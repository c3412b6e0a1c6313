import { withSettings } from '../../support/settings.ts';
import { describe, expect, it } from 'vitest';
import type { FigureSource } from '../../../src/core/figures/source.ts';
import { chooseOdd, chooseShared } from '../../../src/main/export/paperExamples.ts';
import type { PaperPair } from '../../../src/main/export/paperRuns.ts';
import type { DatasetRecord, Example, Run } from '../../../src/core/records.ts';
import { presets } from '../../../src/core/config/presets.ts';

const remedy = 'Choose.';
const cat = { names: ['cat'], index: 1 };

/** Images of the class cat (1) by their ids, each with the probability of its label. */
type Evaluated = Record<number, number>;

/** Two runs that evaluated so many images; a label with more than a half is predicted. */
function buildPair(c: Evaluated, r: Evaluated, classNames = ['owl', 'cat']) {
  const images = new Map([
    ['c', c],
    ['r', r],
  ]);
  const source = {
    getDataset: () => ({ classNames }) as DatasetRecord,
    listExamples: ({ runId, label }) =>
      Object.entries(images.get(runId) ?? {}).map(
        ([id, own]) =>
          ({
            exampleId: Number(id),
            label,
            correct: own > 0.5,
            probabilities: label === 1 ? [1 - own, own] : [own, 1 - own],
          }) as Example,
      ),
  } as Pick<FigureSource, 'getDataset' | 'listExamples'> as FigureSource;
  const runOf = (id: string, paradigm: 'C' | 'R'): Run =>
    ({
      id,
      name: id,
      config: withSettings(presets['mnist-c'], { paradigm, dataset: 'pets' }),
    }) as Run;
  const pair: PaperPair = {
    runs: { C: runOf('c', 'C'), R: runOf('r', 'R') },
    epochs: { C: 7, R: 9 },
    choice: 'best',
  };
  return { pair, source };
}

describe('the image for both paradigms', () => {
  it('is the first that both get right', () => {
    const { pair, source } = buildPair(
      { 2: 0.9, 4: 0.9, 6: 0.2, 8: 0.9, 9: 0.9 },
      { 4: 0.3, 6: 0.9, 8: 0.8, 9: 0.9 },
    );
    const { exampleId, className, why } = chooseShared(cat, pair, source, remedy);
    expect([exampleId, className]).toEqual([8, 'cat']);
    expect(why).toContain('predict right at their best epochs (C: 7, R: 9)');
    expect(why).not.toContain('stands for it');
  });

  it('is the first that both evaluated where none is right under both, and the caption says so', () => {
    const { pair, source } = buildPair({ 2: 0.9, 4: 0.9, 6: 0.2 }, { 4: 0.3, 6: 0.9 });
    const { exampleId, why } = chooseShared(cat, pair, source, remedy);
    expect(exampleId).toBe(4);
    expect(why).toContain('none of the class is predicted right by both');
  });

  it('is missed where the runs have none of the class in common', () => {
    const { pair, source } = buildPair({ 2: 0.9 }, { 4: 0.9 });
    expect(() => chooseShared(cat, pair, source, remedy)).toThrow(
      'Runs c and r have in common no test image of class cat.',
    );
  });

  it.each([
    [['owl', 'CAT', 'dog'], 'CAT', ''],
    [['owl', 'dog', 'fox'], 'dog', 'pets has no class named cat; number 1 of its classes'],
    [['owl'], 'owl', 'pets has no class named cat; number 0 of its classes'],
  ])('is of the class named so, else of its number, in %j', (names, className, said) => {
    const { pair, source } = buildPair({ 3: 0.9 }, { 3: 0.9 }, names);
    const chosen = chooseShared(cat, pair, source, remedy);
    expect(chosen.className).toBe(className);
    expect(chosen.why).toContain(said);
  });
});

describe('the odd image', () => {
  it('is the one to whose label the run gives the lowest probability, the first of equals', () => {
    const { pair, source } = buildPair({ 2: 0.9, 4: 0.25, 6: 0.6, 8: 0.25 }, { 5: 0.001 });
    const { exampleId, why } = chooseOdd(cat, 'C', pair, source);
    expect(exampleId).toBe(4);
    expect(why).toContain('Of the 4 test images of class cat');
    expect(why).toContain('0.25, at its best epoch, 7 (lowest validation loss)');
    expect(chooseOdd(cat, 'R', pair, source).why).toContain('less than 0.01');
  });

  it('is missed where the run evaluated none of the class', () => {
    const { pair, source } = buildPair({}, {});
    expect(() => chooseOdd(cat, 'R', pair, source)).toThrow(
      'Run r evaluated no test image of class cat.',
    );
  });
});
