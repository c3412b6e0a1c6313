import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandOverrides, readFactors } from '../../../src/core/config/configOverrides.ts';
import { presets, type PresetName } from '../../../src/core/config/presets.ts';
import { changeSetting, valueAt } from '../../../src/core/config/settingValues.ts';
import { keyOfRun, plannedRuns, planStudy, trainingOrder } from '../../../src/core/studies/plan.ts';
import { parseStudy, type Study, type StudyFactor } from '../../../src/core/studies/study.ts';
import { AfterimageError } from '../../../src/core/errors.ts';

/** What work is refused with. */
function refusal(work: () => unknown): AfterimageError {
  try {
    work();
  } catch (error) {
    if (error instanceof AfterimageError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const basesOf = (...names: PresetName[]) => names.map((name) => ({ name, config: presets[name] }));

const study = (change: Partial<Study> = {}): Study => ({
  name: 'frontier',
  question: '',
  bases: basesOf('mnist-r'),
  factors: [],
  seeds: [1],
  ...change,
});

const grid = (path: string, ...values: StudyFactor['rows'][number]): StudyFactor => ({
  settings: [path],
  rows: values.map((value) => [value]),
});
const weight = 'objective.contrastive.weight';

describe('the plan of a study', () => {
  it('has every base with every value and seed, bases slowest and seeds fastest', () => {
    const runs = plannedRuns(
      study({
        bases: basesOf('mnist-c', 'mnist-r'),
        factors: [grid(weight, 0.1, 1), grid('training.epochs', 2, 3)],
        seeds: [5, 7],
      }),
    );
    expect(runs.map(({ label }) => label)).toEqual([
      ...['mnist-c epochs 2 seed 5', 'mnist-c epochs 2 seed 7'],
      ...['mnist-c epochs 3 seed 5', 'mnist-c epochs 3 seed 7'],
      ...[0.1, 1].flatMap((value) =>
        [2, 3].flatMap((epochs) =>
          [5, 7].map((seed) => `mnist-r contrastive.weight ${value} epochs ${epochs} seed ${seed}`),
        ),
      ),
    ]);
    expect(runs.map(({ name }) => name)[0]).toBe('frontier mnist-c epochs 2 seed 5');
    expect(new Set(runs.map(({ key }) => key)).size).toBe(12);
    const last = runs.at(-1);
    expect(last?.config).toEqual(
      changeSetting(changeSetting(presets['mnist-r'], weight, 1), 'training.epochs', 3),
    );
    expect([last?.seed, last?.base]).toEqual([7, 'mnist-r']);
  });

  it('varies the settings of a list together, components before their fields', () => {
    const together = {
      settings: ['optimizer.momentum', 'optimizer'],
      rows: [
        [0.5, 'sgd'],
        [0.9, 'sgd'],
        [0.9, 'adam'],
      ],
    };
    const runs = plannedRuns(study({ factors: [together] }));
    expect(runs.map(({ config }) => config.optimizer)).toEqual([
      { name: 'sgd', learningRate: 1e-3, momentum: 0.5 },
      { name: 'sgd', learningRate: 1e-3, momentum: 0.9 },
      { name: 'adam', learningRate: 1e-3 },
    ]);
    expect(runs.map(({ label }) => label)).toEqual([
      'optimizer sgd momentum 0.5',
      'optimizer sgd momentum 0.9',
      'optimizer adam',
    ]);
  });

  it('trains a base with its own seeds where it has some', () => {
    const [c, r] = basesOf('mnist-c', 'mnist-r') as [
      Study['bases'][number],
      Study['bases'][number],
    ];
    const runs = plannedRuns(study({ bases: [{ ...c, seeds: [1, 2] }, r], seeds: [3] }));
    expect(runs.map(({ base, seed }) => [base, seed])).toEqual([
      ['mnist-c', 1],
      ['mnist-c', 2],
      ['mnist-r', 3],
    ]);
  });

  it('is trained seed by seed, the nth of every base in turn', () => {
    const [c, r] = basesOf('mnist-c', 'mnist-r') as [
      Study['bases'][number],
      Study['bases'][number],
    ];
    const factors = [grid('training.epochs', 2, 3)];
    const own = study({ bases: [c, { ...r, seeds: [7, 3] }], factors, seeds: [5] });
    const runs = trainingOrder(own, plannedRuns(own));
    expect(runs.map(({ label }) => label)).toEqual([
      ...['mnist-c epochs 2', 'mnist-c epochs 3', 'mnist-r epochs 2 seed 7'],
      ...['mnist-r epochs 3 seed 7', 'mnist-r epochs 2 seed 3', 'mnist-r epochs 3 seed 3'],
    ]);
  });

  it('has a run once that several combinations come to', () => {
    const rows = [
      ['none', 1],
      ['none', 2],
      ['contrastive', 2],
    ] as const;
    const factors = [{ settings: ['objective', weight], rows: rows.map((row) => [...row]) }];
    const runs = plannedRuns(study({ factors }));
    expect(runs.map(({ config }) => valueAt(config, weight))).toEqual([undefined, 2]);
  });

  it('calls no run longer than a run may be called', () => {
    const runs = plannedRuns(study({ name: 'n'.repeat(200), seeds: [1, 2] }));
    expect(runs.map(({ name }) => [name.length, name.slice(-7)])).toEqual([
      [200, ' seed 1'],
      [200, ' seed 2'],
    ]);
  });

  it('is what the same settings make on the command line', () => {
    const texts = [
      'optimizer=adam,sgd',
      'momentum=0.5,0.9',
      'schedule=step,plateau',
      'scheduleEpochs=2,4',
      'epochs=2',
      'camWeight=0.1,1',
      'batchSize=32,64',
      'model.dropout=0,0.5',
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(texts), (chosen) => {
        const bases = basesOf('mnist-c', 'mnist-r');
        const asked = chosen.includes('momentum=0.5,0.9')
          ? ['optimizer=adam,sgd', ...chosen]
          : chosen;
        const given = [
          ...new Set(
            asked.includes('scheduleEpochs=2,4') ? ['schedule=step,plateau', ...asked] : asked,
          ),
        ];
        const expanded = expandOverrides(bases, given).flat();
        const runs = plannedRuns(study({ bases, factors: readFactors(bases, given) }));
        expect(runs.map(({ config, marks }) => ({ config, marks }))).toEqual(expanded);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the key of a run', () => {
  const { 'mnist-c': c, 'mnist-r': r } = presets;

  it('is another for another configuration or seed, and else the same', () => {
    expect(keyOfRun(c, 1)).toBe(keyOfRun(structuredClone(c), 1));
    const others = [
      keyOfRun(c, 2),
      keyOfRun(r, 1),
      keyOfRun(changeSetting(c, 'training.epochs', 7), 1),
    ];
    expect(new Set([keyOfRun(c, 1), ...others]).size).toBe(4);
  });

  // What is stored and what lies in folders of other machines must be found again.
  it('stays what it is', () => {
    expect([keyOfRun(c, 1), keyOfRun(r, 1)]).toMatchInlineSnapshot(`
      [
        "bfda39f1a7ce10c2",
        "60aa36e9bb2a1dbf",
      ]
    `);
  });
});

describe('refuses in one line', () => {
  const refused: [what: string, change: Partial<Study>, message: string | RegExp][] = [
    ['a single run', {}, 'Study frontier has no free factor: it is a single run.'],
    ['no seeds', { seeds: [] }, 'Study frontier has no seeds.'],
    ['a seed twice', { seeds: [1, 2, 1] }, 'Seed 1 is there twice.'],
    [
      'a factor without values',
      { factors: [grid(weight)] },
      /weight has no value, so there is nothing/,
    ],
    ['a value twice', { factors: [grid(weight, 1, 1)] }, `${weight} has 1 twice.`],
    [
      'a factor that is no field',
      { factors: [grid('objective.contrastive.wieght', 1, 2)] },
      /There is no setting objective.contrastive.wieght/,
    ],
    [
      'a field by a short name',
      { factors: [grid('camWeight', 1, 2)] },
      'camWeight is not the path of a setting.',
    ],
    [
      'a row that is too short',
      { factors: [{ settings: [weight, 'training.epochs'], rows: [[1, 2], [3]] }] },
      /does not have 2 values/,
    ],
    [
      'a field in two factors',
      { factors: [grid(weight, 1, 2), grid(weight, 3)] },
      `${weight} is varied twice.`,
    ],
    [
      'a value that it cannot have',
      { factors: [grid('training.epochs', 1, 0)] },
      'training.epochs cannot be 0.',
    ],
    [
      'two bases of a name',
      { bases: basesOf('mnist-r', 'mnist-r') },
      'Two configurations are called mnist-r.',
    ],
    [
      'more runs than a study may have',
      { seeds: Array.from({ length: 1001 }, (_, i) => i) },
      'Study frontier would have more than 1000 runs.',
    ],
    [
      'far more runs',
      {
        factors: [
          grid(weight, ...Array.from({ length: 900 }, (_, i) => i + 1)),
          grid('training.batchSize', ...Array.from({ length: 900 }, (_, i) => i + 1)),
        ],
      },
      'Study frontier would have more than 1000 runs.',
    ],
  ];
  it.each(refused)('%s', (_, change, message) => {
    const error = refusal(() => planStudy(study(change)));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
    if (typeof message === 'string') expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
    expect(`${error.message} ${error.remedy}`).not.toContain('\n');
  });

  it('names the field that was meant', () => {
    const misspelt = study({ factors: [grid('objective.contrastive.wieght', 1, 2)] });
    expect(refusal(() => planStudy(misspelt)).remedy).toContain('objective.contrastive.weight');
  });

  it('what is no study, with the first field that is wrong', () => {
    expect(refusal(() => parseStudy({ ...study(), seeds: ['one'] })).message).toMatch(/seeds\.0/);
    expect(refusal(() => parseStudy(null)).code).toBe('INVALID_ARGUMENT');
  });
});
