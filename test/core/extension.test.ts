import { describe, expect, it } from 'vitest';
import { presets } from '../../src/core/config/presets.ts';
import { AfterimageError } from '../../src/core/errors.ts';
import { describeExtension, planExtension, type ExtendedRun } from '../../src/core/extension.ts';
import { numericsVersion } from '../../src/core/numericsVersion.ts';
import { withSettings, type Changes } from '../support/settings.ts';

/** A completed run of 5 epochs, the best of which is the third. */
const makeRun = (
  settings: Changes = {},
  change: Partial<Omit<ExtendedRun, 'config'>> = {},
): ExtendedRun => ({
  name: 'kept',
  status: 'completed',
  config: withSettings(presets['mnist-c'], { epochs: 5, patience: 3, ...settings }),
  bestEpoch: 3,
  last: { epoch: 5, trainLoss: 0.5, numericsVersion },
  ...change,
});

function refusalOf(work: () => unknown): { code: string; message: string; remedy: string } {
  try {
    work();
  } catch (error) {
    if (error instanceof AfterimageError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const exact = { differences: [], repeated: 0 };

describe('a run that goes on to more epochs', () => {
  it.each(['constant', 'step', 'plateau'])('differs in no bit under the %s schedule', (name) => {
    expect(planExtension(makeRun({ schedule: name }), 9, true)).toEqual(exact);
  });

  it('differs under a schedule that spreads over all epochs, and says how', () => {
    const plan = planExtension(makeRun({ schedule: 'cosine' }), 9, true);
    expect(plan.repeated).toBe(0);
    expect(plan.differences).toEqual([
      'the cosine schedule spreads over all epochs of a run: epochs 1 to 5 had the learning rates of 5 epochs, later ones have those of 9',
    ]);
    expect(describeExtension('kept', plan)).toEqual([
      `kept will not be what it would be with as many epochs from its start: ${plan.differences[0] ?? ''}.`,
    ]);
    const untrained = { epoch: 0, trainLoss: null, numericsVersion };
    const paused = makeRun({ schedule: 'cosine' }, { status: 'paused', last: untrained });
    expect(planExtension(paused, 9, true)).toEqual(exact);
  });

  it('is trained again first where its state was not kept, and refused where that leads elsewhere', () => {
    const plan = planExtension(makeRun(), 9, false);
    expect(plan).toEqual({ differences: [], repeated: 5 });
    expect(describeExtension('kept', plan)[0]).toContain('its 5 epochs are trained again first');
    for (const run of [
      makeRun({ schedule: 'cosine' }),
      makeRun({}, { last: { epoch: 5, trainLoss: 0.5, numericsVersion: numericsVersion - 1 } }),
    ]) {
      const { code, remedy } = refusalOf(() => planExtension(run, 9, false));
      expect(code).toBe('CONFLICT');
      expect(remedy).toContain('Start a new run with its configuration and 9 epochs');
    }
  });

  it('says by which arithmetic its later epochs are computed', () => {
    const last = { epoch: 5, trainLoss: 0.5, numericsVersion: numericsVersion - 1 };
    const [difference] = planExtension(makeRun({}, { last }), 9, true).differences;
    expect(difference).toContain(`later epochs are computed by version ${numericsVersion}`);
  });

  it('is refused where early stopping would have ended it all the same', () => {
    const waited = makeRun({}, { bestEpoch: 2 });
    expect(refusalOf(() => planExtension(waited, 9, true))).toMatchObject({
      code: 'CONFLICT',
      message:
        'Early stopping ended run kept after epoch 5: none of the 3 epochs after 2 had a lower validation loss. With 9 epochs it would have ended there too.',
    });
    // One epoch fewer of waiting, or no early stopping: it would have gone on.
    expect(planExtension(makeRun(), 9, true)).toEqual(exact);
    const patient = makeRun({ patience: null }, { bestEpoch: 1 });
    expect(planExtension(patient, 9, true)).toEqual(exact);
  });

  it.each([
    ['has so many epochs already', makeRun(), 5, 'INVALID_ARGUMENT'],
    ['was stopped', makeRun({}, { status: 'stopped' }), 9, 'CONFLICT'],
    ['is training', makeRun({}, { status: 'running' }), 9, 'CONFLICT'],
    ['waits', makeRun({}, { status: 'queued' }), 9, 'CONFLICT'],
    [
      'was imported',
      makeRun({}, { bestEpoch: 1, last: { epoch: 1, trainLoss: null, numericsVersion } }),
      9,
      'CONFLICT',
    ],
  ])('is refused if it %s', (_, run, epochs, code) => {
    const refusal = refusalOf(() => planExtension(run, epochs, true));
    expect(refusal.code).toBe(code);
    expect(refusal.remedy).not.toBe('');
  });
});
