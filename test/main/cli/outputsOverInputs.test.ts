import {
  copyFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { historyFileName } from '../../../src/main/store/history.ts';
import { runHere } from '../../support/cliHere.ts';
import { makeTemporaryFolder, removeFolder } from '../../support/digits.ts';
import { FigureFolder } from '../../support/figureHistory.ts';
import { readRuns } from '../../support/storedRun.ts';

const dataDir = makeTemporaryFolder();
const at = (name: string): string => join(dataDir, name);
const run = (...words: string[]) => runHere(...words, '--data-dir', dataDir);
const specification = JSON.stringify({ template: 'confidence-histogram', runs: ['kept'] });

beforeAll(async () => {
  const folder = new FigureFolder(dataDir);
  const digits = await folder.importDigits('digits');
  folder.addRun(digits, { name: 'kept', paradigm: 'R', lastEpoch: 1 });
  folder.close();
  mkdirSync(at('out'));
});
afterAll(() => {
  removeFolder(dataDir);
});

describe('the history is written over by nothing', () => {
  it.each([['weights', '--run', 'kept', '--out'], ['runs', 'export', 'kept', '--out'], ['backup']])(
    '%s',
    async (...words) => {
      const links = [at('out/link'), at('out/hard')];
      symlinkSync(at(historyFileName), links[0] ?? '');
      linkSync(at(historyFileName), links[1] ?? '');
      for (const path of [at(historyFileName), ...links]) {
        const { code, written } = await run(...words, path);
        expect([path, code]).toEqual([path, 1]);
        expect(written).toMatch(/^error: [^\n]+\n$/);
      }
      expect(readRuns(dataDir)).toMatchObject([{ name: 'kept' }]);
      for (const path of links) rmSync(path);
    },
  );
});

describe('a specification', () => {
  it.each([
    ['spec.svg', 'spec.svg', /spec\.svg is the specification/],
    ['spec.csv', 'spec.pdf', /spec\.csv is the specification/],
    ['linked.csv', 'linked.svg', /linked\.csv is the specification/],
  ])('%s stays where the figure goes to %s', async (name, out, message) => {
    const own = name.startsWith('linked') ? at('out/elsewhere.json') : at(`out/${name}`);
    writeFileSync(own, specification);
    if (name.startsWith('linked')) symlinkSync(own, at(`out/${name}`));
    const refused = await run('figure', own, '--out', at(`out/${out}`));
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.written).toMatch(message);
    expect(readFileSync(own, 'utf8')).toBe(specification);
  });

  it('is read with the mark of its encoding and the ends of lines that editors put into it', async () => {
    const lines = specification.replaceAll(',', ',\r\n');
    writeFileSync(at('out/marked.json'), `\uFEFF${lines}\r\n`);
    const drawn = await run('figure', at('out/marked.json'), '--out', at('out/marked.svg'));
    expect(drawn).toMatchObject({ code: 0 });
    copyFileSync(at('out/marked.figure.json'), at('out/again.figure.json'));
    // A record is written anew, with what it was.
    const again = await run('figure', at('out/again.figure.json'), '--out', at('out/again.svg'));
    expect(again).toMatchObject({ code: 0 });
    expect(readFileSync(at('out/again.svg'))).toEqual(readFileSync(at('out/marked.svg')));
  });
});
