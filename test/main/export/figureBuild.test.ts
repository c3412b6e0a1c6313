import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseFigureSpec, templates } from '../../../src/core/figures/spec.ts';
import {
  buildFigure,
  encodeFigure,
  figureFormats,
  formatCsv,
} from '../../../src/main/export/figureBuild.ts';
import { computeSha256 } from '../../../src/main/platform/hashes.ts';
import { makeTemporaryFolder, removeFolder } from '../../support/digits.ts';
import { FigureFolder, figureSpecs } from '../../support/figureHistory.ts';
import { buildMapMeans } from '../../support/epochMetrics.ts';

const dataDir = makeTemporaryFolder();
let folder: FigureFolder;

beforeAll(async () => {
  folder = new FigureFolder(dataDir);
  const digits = await folder.importDigits('digits');
  folder.addRun(digits, { name: 'digits C', paradigm: 'C' });
  folder.addRun(digits, { name: 'digits R', paradigm: 'R' });
  folder.addRun(digits, { name: 'digits R seed 2', paradigm: 'R', seed: 2 });
  const others = await folder.importDigits('others', 1);
  folder.addRun(others, { name: 'others R', paradigm: 'R' });
});
afterAll(() => {
  folder.close();
  removeFolder(dataDir);
});
afterEach(() => vi.useRealTimers());

const build = (spec: object) => buildFigure(parseFigureSpec(spec), folder.source);

/** Digests of all files of a figure. */
async function digest(spec: object): Promise<string[]> {
  const figure = await build({ ...spec, style: { dpi: 100 } });
  const files = await Promise.all(
    figureFormats.map((format) => encodeFigure(figure, format, 'Afterimage 1.2.3')),
  );
  return [...files, figure.csv].map((file) => computeSha256(file));
}

describe.each(figureSpecs)('$template', (spec) => {
  it('has the same bytes in every format a year later', async () => {
    const today = await digest(spec);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 366 * 86_400_000 });
    expect(await digest(spec)).toEqual(today);
  });

  it('names its runs, their seeds and the data set in its caption', async () => {
    const { caption, runs } = await build(spec);
    for (const { name, seed } of runs) {
      expect(caption).toContain(name);
      expect(caption).toContain(`seed ${seed}`);
    }
    expect(caption).toContain('digits');
    expect(caption).toMatch(/epoch/);
  });
});

it('has an example of every template here', () => {
  expect(figureSpecs.map(({ template }) => template)).toEqual([...templates]);
});

describe('what a figure reads', () => {
  it('names its runs by their ids, so that a renamed run stays the same', async () => {
    const { specification, runs } = await build(figureSpecs[0] ?? {});
    expect(specification).toMatchObject({ run: folder.source.resolveRun('digits R') });
    expect(runs).toMatchObject([{ name: 'digits R', paradigm: 'R', seed: 1, lastEpoch: 3 }]);
    expect(runs[0]?.engine?.name).toBe('wasm');
  });

  it('folds runs that differ by their seed alone', async () => {
    const runs = ['digits C', 'digits R', 'digits R seed 2'];
    const spec = { template: 'training-curves', runs, metrics: ['testAccuracy'] };
    const [grouped, apart] = [await build(spec), await build({ ...spec, groupSeeds: false })];
    expect(grouped.svg).toContain('digits R (n = 2)');
    expect(grouped.caption).toContain('bands: ± one standard deviation');
    expect(apart.svg).toContain('digits R seed 2');
    expect(apart.caption).not.toContain('band');
  });

  it('counts confusions: two of every five images are taken for the digit three further', async () => {
    const { csv, caption } = await build({ template: 'confusion-matrix', run: 'digits R' });
    // Images 0 to 29; wrong are those whose number ends in 1, 2, 6 or 7.
    expect(caption).toContain('on the 30 test images');
    expect(caption).toContain('12 are predicted wrong');
    const lines = csv.split('\r\n');
    expect(lines).toContain('1,4,3,1');
    expect(lines).toContain('0,0,3,1');
    expect(lines).toContain('1,1,0,0');
  });

  it('finds the unsure and the wrong in order of confidence', async () => {
    const low = await build({ template: 'low-confidence-grid', run: 'digits R', count: 3 });
    expect(low.caption).toContain('The 3 least confident of the 6 right predictions');
    const wrong = await build({ template: 'misclassified-grid', run: 'digits R', count: 3 });
    expect(wrong.caption).toContain('The 3 most confident of the 12 wrong predictions');
    // Wrong and sure are images 2, 7, 12, ...: above all other wrong ones.
    const shown = /test images ([\d, ]+)\)/.exec(wrong.caption)?.[1]?.split(', ') ?? [];
    expect(shown.map((id) => Number(id) % 5)).toEqual([2, 2, 2]);
  });

  it('pairs the images of two runs', async () => {
    const spec = figureSpecs.find(({ template }) => template === 'metric-distribution');
    const { csv } = await build(spec ?? {});
    expect(csv.split('\r\n').filter((line) => /^\d/.test(line))).toHaveLength(30);
  });
});

describe('runs that are not alike', () => {
  const pair = ['digits C', 'digits R'];
  const curves = (more: object = {}) => build({ template: 'training-curves', runs: pair, ...more });

  it('have no objectives on one axis unless asked for, and then are said to', async () => {
    const [plain, asked] = [await curves(), await curves({ metrics: ['validationLoss'] })];
    expect(plain.svg).toContain('Validation cross-entropy');
    expect(plain.svg).not.toContain('Validation loss');
    expect(plain.caption).not.toContain('objectives');
    expect(asked.caption).toContain('The runs minimise different objectives');
    const alone = { runs: ['digits R', 'digits R seed 2'], metrics: ['validationLoss'] };
    expect((await curves(alone)).caption).not.toContain('objectives');
  });

  it('say of which versions they are, and over how many images their means are', async () => {
    const { id, ...digits } = folder.source.getDataset(folder.source.resolveRun('digits C'));
    folder.addRun(
      { id, ...digits },
      {
        name: 'digits old R',
        paradigm: 'R',
        seed: 3,
        metrics: {
          numericsVersion: 1,
          testImages: 30,
          mapMeans: buildMapMeans({}, { inputCorrelation: 4 }),
        },
      },
    );
    const runs = ['digits C', 'digits old R'];
    const templates = ['training-curves', 'accuracy-fidelity', 'reliability-diagram'] as const;
    const others = ['confidence-histogram', 'metric-distribution'] as const;
    for (const template of [...templates, ...others]) {
      expect((await build({ template, runs })).caption, template).toContain('versions 1 and 2');
      expect((await build({ template, runs: pair })).caption, template).not.toContain('version');
    }
    for (const template of ['training-curves', 'accuracy-fidelity']) {
      const { caption, csv } = await build({ template, runs });
      expect(caption).toContain('input correlation are over the n = 26');
      expect(csv.split('\r\n')[0]).toMatch(/,inputCorrelation n$/);
    }
  });
});

describe('what cannot be drawn', () => {
  const rows = (run: string, example: number) => [{ run, example }];
  it.each([
    [
      'a run that is not there',
      { template: 'cam-pair', run: 'digit', example: 3 },
      /no run digit\./,
    ],
    [
      'an epoch that is not there',
      { template: 'cam-pair', run: 'digits R', example: 3, epoch: 9 },
      /digits R has no epoch 9/,
    ],
    [
      'an epoch of a film strip',
      { template: 'cam-evolution', rows: rows('digits R', 3), epochs: [0, 9] },
      /digits R has no epoch 9/,
    ],
    [
      'an image that is not there',
      { template: 'cam-pair', run: 'digits R', example: 99 },
      /digits has no test image 99/,
    ],
    [
      'an image that was not evaluated',
      { template: 'cam-pair', run: 'digits R', example: 35 },
      /did not evaluate test image 35/,
    ],
    [
      'runs of two data sets',
      { template: 'reliability-diagram', runs: ['digits C', 'others R'] },
      /different data sets: digits C on digits and others R on others/,
    ],
    [
      'rows of two data sets',
      { template: 'cam-evolution', rows: [...rows('digits R', 3), ...rows('others R', 3)] },
      /different data sets/,
    ],
    [
      'a run compared with itself',
      { template: 'paradigm-grid', runs: ['digits R', 'digits R'], examples: [3] },
      /names run digits R twice/,
    ],
    [
      'nothing below the threshold',
      { template: 'low-confidence-grid', run: 'digits R', threshold: 0.01 },
      /no right prediction with a confidence below 0\.01/,
    ],
    [
      'too little width',
      { template: 'confusion-matrix', run: 'digits R', style: { widthMm: 20 } },
      /20\.0 mm is too little for the numbers of the matrix/,
    ],
    [
      'a font without the letters',
      {
        template: 'cam-pair',
        run: 'digits R',
        example: 3,
        title: 'x',
        note: '',
        style: { font: 'none' },
      },
      /style\.font/,
    ],
  ])('%s is refused in one line', async (_, spec, message) => {
    const error: unknown = await Promise.resolve()
      .then(() => build(spec))
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'AfterimageError' });
    const { message: line, remedy } = error as { message: string; remedy: string };
    expect(line).toMatch(message);
    expect(line).not.toContain('\n');
    expect(remedy.length).toBeGreaterThan(5);
  });

  it('a sweep over runs that differ in more', async () => {
    const { id, ...digits } = folder.source.getDataset(folder.source.resolveRun('digits R'));
    folder.addRun(
      { id, ...digits },
      { name: 'digits R margin', paradigm: 'R', config: { margin: 3, camWeight: 5 } },
    );
    const runs = ['digits R', 'digits R margin'];
    await expect(build({ template: 'accuracy-fidelity', runs })).rejects.toThrow(
      /digits R and digits R margin differ in objective.contrastive.margin, not in objective.contrastive.weight alone/,
    );
  });
});

describe('the data as CSV', () => {
  it('quotes what RFC 4180 wants quoted', () => {
    const table = {
      columns: ['a', 'b'],
      rows: [
        ['x,"y"', null],
        ['line\nbreak', Math.fround(0.2805)],
      ],
    };
    expect(formatCsv(table)).toBe('a,b\r\n"x,""y""",\r\n"line\nbreak",0.2805\r\n');
  });
});

it('numbers classes whose names no font has, and says which they are', async () => {
  const id = folder.source.resolveRun('others R');
  const record = folder.source.getDataset(id);
  const classNames = record.classNames.with(3, '𓃠').with(4, '𓃡 x').with(5, 'αβγ');
  folder.history.datasets.change({ ...record, classNames });
  const { svg, caption, csv } = await build({ template: 'confusion-matrix', run: 'others R' });
  for (const drawn of ['#3', '#4', 'αβγ']) expect(svg).toContain(`>${drawn}</text>`);
  expect(svg).not.toContain('𓃠');
  expect(caption).toMatch(/numbered from 0: #3 is 𓃠, #4 is 𓃡 x\.$/u);
  expect(csv).toContain('𓃠,𓃡 x');
  folder.history.datasets.change(record);
  const plain = await build({ template: 'confusion-matrix', run: 'others R' });
  expect(plain.caption).not.toContain('numbered');
});

it('draws classes of other scripts by their names, and names the fonts only where it does', async () => {
  const id = folder.source.resolveRun('others R');
  const record = folder.source.getDataset(id);
  const spec = { template: 'confusion-matrix', run: 'others R' };
  const plain = await build(spec);
  expect(plain.svg).toContain('font-family="Arimo, Arial, Helvetica, sans-serif"');
  folder.history.datasets.change({ ...record, classNames: record.classNames.with(3, '鳥') });
  const { svg, caption } = await build(spec);
  folder.history.datasets.change(record);
  expect(svg).toContain('>鳥</text>');
  expect(svg).toContain(`font-family="Arimo, Arial, Helvetica, 'Noto Sans SC', sans-serif"`);
  expect(caption).not.toContain('numbered');
});
