import { describe, expect, it } from 'vitest';
import {
  noteImages,
  noteObjectives,
  noteVersions,
} from '../../../../src/core/figures/charts/chartNotes.ts';
import { figure as trainingCurves } from '../../../../src/core/figures/training-curves/figure.ts';
import { figure as accuracyFidelity } from '../../../../src/core/figures/accuracy-fidelity/figure.ts';
import { figureData } from '../../../support/figureData.ts';

describe('a caption', () => {
  it('says where losses of different objectives share an axis', () => {
    const note = noteObjectives(['validationLoss', 'testAccuracy'], false);
    expect(note).toContain('curves of validation loss say nothing of each other');
    expect(noteObjectives(['validationLoss'], true)).toBe('');
    expect(noteObjectives(['validationCrossEntropy', 'testAccuracy'], false)).toBe('');
  });

  it('says over how many images a mean is, unless it is over all', () => {
    const count = (defined: number) => ({ defined, all: 30 });
    expect(noteImages('iou', [count(30), null, undefined])).toBe('');
    expect(noteImages('iou', [count(30), count(28)])).toBe(
      ' The means of IoU are over the n = 28 to 30 of 30 test images for which it is defined.',
    );
    expect(noteImages('iou', [count(28)])).toContain('the n = 28 of 30');
  });

  it('says where versions of the arithmetic are mixed', () => {
    expect(noteVersions([2])).toBe('');
    expect(noteVersions([1, 2])).toMatch(/^ These numbers were computed by versions 1 and 2/);
  });
});

describe('counts beside means', () => {
  it('of training curves are those of the epochs drawn, and in the table of all', () => {
    const data = figureData['training-curves'];
    expect(trainingCurves.caption({ ...data, fromEpoch: 2 })).toContain(
      'energy inside are over the n = 29 to 30 of 30',
    );
    const { columns, rows } = trainingCurves.tabulate(data);
    expect(columns).toContain('energyInside n');
    expect(columns).not.toContain('trueLowConfidence n');
    expect(rows.slice(0, 4).map((row) => row[columns.indexOf('energyInside n')])).toEqual([
      30, 27, 29, 30,
    ]);
  });

  it('of a sweep stand with the run that lacks images', () => {
    const data = figureData['accuracy-fidelity'];
    expect(accuracyFidelity.caption(data)).toContain(
      'The means of input correlation are over the n = 28 to 30 of 30 test images',
    );
    const { columns, rows } = accuracyFidelity.tabulate(data);
    expect(columns.at(-1)).toBe('inputCorrelation n');
    expect(rows.map((row) => row.at(-1))).toEqual([30, 30, 30, 28]);
  });
});
