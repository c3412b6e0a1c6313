import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorsAsJson, runCli } from '../../support/cli.ts';
import { runHere } from '../../support/commands.ts';
import { makeFolder } from '../../support/digits.ts';
import { expectRefusal } from '../../support/refusal.ts';

const train = ['train', '--preset', 'mnist-r'];
const explain = ['explain', '--run', 'x', '--example', '1', '--method'];

interface Mistake {
  what: string;
  words: string[];
  /** What the line on stderr names: the culprit, then the remedy. */
  names: string[];
}

const mistakes: Mistake[] = [
  {
    what: 'an unknown key',
    words: [...train, '--set', 'lerningRate=0.1'],
    names: ['lerningRate', 'nearest is learningRate', 'above 0 to 10'],
  },
  {
    what: 'a text for a number',
    words: [...train, '--set', 'learningRate=fast'],
    names: ['learningRate', 'fast', 'a number, above 0 to 10'],
  },
  {
    what: 'a fraction for a whole number',
    words: [...train, '--set', 'batchSize=1.5'],
    names: ['batchSize', '1.5', 'a whole number, 1 to 4096'],
  },
  {
    what: 'a number out of range',
    words: [...train, '--set', 'dropout=1'],
    names: ['dropout', 'a number, 0 to below 1'],
  },
  {
    what: 'an unknown choice',
    words: [...train, '--set', 'optimizer=adamw'],
    names: ['optimizer', 'adamw', 'adam, rmsprop, sgd'],
  },
  {
    what: 'a setting without a value',
    words: [...train, '--set', 'epochs'],
    names: ['epochs', 'key=value'],
  },
  { what: 'no epochs', words: [...train, '--epochs', '0'], names: ['epochs', '0', '1 to 1000'] },
  {
    what: 'an unknown preset',
    words: ['train', '--preset', 'mnist-x'],
    names: ['mnist-x', 'mnist-c, mnist-r, fashion-c, fashion-r'],
  },
  { what: 'no preset', words: ['train'], names: ['--preset'] },
  {
    what: 'seeds that are none',
    words: [...train, '--seeds', '1,two'],
    names: ['--seeds', '1,two', '0 to 2147483647'],
  },
  { what: 'a name of spaces', words: [...train, '--name', ' '], names: ['--name', '1 to 200'] },
  {
    what: 'an unknown filter',
    words: ['examples', '--run', 'x', '--filter', 'misclasified'],
    names: ['misclasified', 'nearest is misclassified', 'true-low-confidence'],
  },
  {
    what: 'an epoch that is none',
    words: ['compare', '--runs', 'x,y', '--epoch', 'first'],
    names: ['--epoch', 'first', 'best, last or the number of an epoch'],
  },
  {
    what: 'an unknown metric',
    words: ['table', '--which', 'metrics', '--runs', 'x', '--metrics', 'sim'],
    names: ['--metrics', 'sim', 'nearest is ssim', 'pointing'],
  },
  {
    what: 'an option of another table',
    words: ['table', '--which', '1', '--runs', 'x', '--bold-best'],
    names: ['--bold-best', 'table 1', '--which metrics'],
  },
  {
    what: 'a venue for what is not set in LaTeX',
    words: ['table', '--which', '1', '--runs', 'x', '--format', 'csv', '--venue', 'lncs'],
    names: ['--venue', 'format csv', '--format tex'],
  },
  {
    what: 'a layout of data',
    words: ['compare', '--runs', 'x,y', '--format', 'json', '--layout', 'columns'],
    names: ['--layout', 'format json', 'text, md or tex'],
  },
  {
    what: 'fields of a whole comparison',
    words: ['compare', '--runs', 'x,y', '--format', 'json', '--fields', 'n'],
    names: ['--fields', 'format json', 'text, md, tex or csv'],
  },
  {
    what: 'a threshold that is no share',
    words: ['examples', '--run', 'x', '--threshold', '60'],
    names: ['--threshold', '60', 'between 0 and 1'],
  },
  {
    what: 'a misspelt option',
    words: [...train, '--epohcs', '3'],
    names: ['--epohcs', '--epochs'],
  },
  { what: 'a misspelt command', words: ['trian'], names: ['trian', 'train'] },
  {
    what: 'a misspelt method',
    words: [...explain, 'gradcan'],
    names: ['gradcan', 'nearest is gradcam', 'occlusion'],
  },
  {
    what: 'an option that no method has',
    words: [...explain, 'gradient,rise', '--option', 'sample=9'],
    names: ['Gradient and RISE have no option sample', 'nearest is samples'],
  },
  {
    what: 'an option out of range',
    words: [...explain, 'rise', '--option', 'keep=1'],
    names: ['keep cannot be 1', 'above 0 to below 1'],
  },
  {
    what: 'a file of another kind',
    words: [...explain, 'rise', '--out', 'map.jpg'],
    names: ['map.jpg', 'NPZ'],
  },
  {
    what: 'an unknown format',
    words: ['datasets', 'import', '--format', 'hdf5', 'x', '--name', 'x'],
    names: ['hdf5', 'idx, npz, folder'],
  },
];

describe('unusable arguments are refused in one line with exit code 2, before anything is made', () => {
  it.each(mistakes)('$what', async ({ words, names }) => {
    const dataDir = join(makeFolder(), 'data');
    expectRefusal(await runHere(dataDir, ...words), 2, names);
    expect(existsSync(dataDir)).toBe(false);
  });
});

it('a process says the same, with the same exit code', async () => {
  const dataDir = makeFolder();
  for (const words of [['trian'], ['runs', 'show', 'nix', '--json'], ['runs', 'list']]) {
    expect(await runCli(dataDir, ...words)).toEqual(await runHere(dataDir, ...words));
  }
});

it.each(['laste', '-1', '1.5'])(
  '--epoch %s is refused by every command that takes one',
  async (text) => {
    const dataDir = join(makeFolder(), 'data');
    const takers = [
      ['examples', '--run', 'x'],
      ['cam', '--run', 'x', '--example', '1'],
      [...explain, 'gradcam'],
      ['weights', '--run', 'x', '--out', 'w'],
      ['table', '--which', 'metrics', '--runs', 'x'],
      ['compare', '--runs', 'x,y'],
      ['figures', 'paper', '--runs', 'x,y', '--out', 'f'],
    ];
    for (const words of takers) {
      const refused = await runHere(dataDir, ...words, `--epoch=${text}`);
      expectRefusal(refused, 2, [text, 'best, last', 'the number of an epoch']);
    }
  },
);

it('with --json an error is one document on stderr, with the exit code that it has without', async () => {
  const dataDir = makeFolder();
  const cases = [
    { words: ['runs', 'show', 'nix'], code: 1, error: 'NOT_FOUND' },
    { words: ['examples', '--run', 'x', '--limit', '0'], code: 2, error: 'INVALID_ARGUMENT' },
    { words: ['runs', 'list', '--format', 'md'], code: 2, error: 'INVALID_ARGUMENT' },
  ];
  for (const { words, code, error } of cases) {
    const result = await runHere(dataDir, ...words, '--json');
    expect(result).toMatchObject({ code, stdout: '' });
    expect(errorsAsJson(result.stderr)).toEqual([
      {
        code: error,
        message: expect.any(String) as string,
        remedy: expect.stringMatching(/./) as string,
      },
    ]);
    expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
  }
});

it('stores no run where the data set cannot be had or is too small', async () => {
  const dataDir = makeFolder();
  const unknown = await runHere(dataDir, ...train, '--set', 'dataset=minst');
  expectRefusal(unknown, 1, ['minst', 'mnist, fashion-mnist']);
  const fetched = await runHere(dataDir, 'datasets', 'fetch', 'mnist');
  expect(fetched.code).toBe(0);
  const tooMany = await runHere(dataDir, ...train, '--train-examples', '60001');
  expectRefusal(tooMany, 2, ['trainExamples', '60001', 'at most 60000']);
  const tooFew = await runHere(dataDir, ...train, '--train-examples', '4');
  expectRefusal(tooFew, 2, ['validationFraction', 'no validation image']);
  expect((await runHere(dataDir, 'runs', 'list', '--json')).stdout).toBe('{"runs":[]}\n');
});
