import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mathCharacters } from '../../../src/core/formats/latexMath.ts';
import { defineOtherCharacter, escapeLatex } from '../../../src/core/formats/latexText.ts';
import { buildPaperTex } from '../../../src/main/export/paperTex.ts';
import { writePaper, type WrittenPaper } from '../../../src/main/export/paper.ts';
import type { PaperOptions } from '../../../src/main/export/paperFigures.ts';
import { makeTemporaryFolder, removeFolder } from '../../support/digits.ts';
import { FigureFolder, predictionOf } from '../../support/figureHistory.ts';
import { needTool, runTool } from '../../support/tools.ts';

const dataDir = makeTemporaryFolder();
const out = join(dataDir, 'paper');
/** What LaTeX, XML and one direction of writing trip over. */
const awkwardName = String.raw`R&C 50% #1_{a}~^\ <b> "q" [x] $y$ חתול αβ ŉĦŧ±−…`;
let folder: FigureFolder;
let written: WrittenPaper;

const options: PaperOptions = {
  runs: [awkwardName, 'digits C'],
  fashionRuns: ['clothes C', 'clothes R'],
  example: null,
  epoch: 'best',
  venue: 'ieee',
  sideBySide: false,
};
const write = (changes: Partial<PaperOptions>, place: string): Promise<WrittenPaper> =>
  writePaper({ ...options, ...changes }, place, { source: folder.source, version: '1.2.3' });

beforeAll(async () => {
  folder = new FigureFolder(dataDir);
  const digits = await folder.importDigits('digits');
  folder.addRun(digits, { name: 'digits C', paradigm: 'C' });
  folder.addRun(digits, { name: awkwardName, paradigm: 'R' });
  folder.addRun(digits, { name: 'digits C 2', paradigm: 'C', seed: 2 });
  folder.addRun(digits, { name: 'untrained R', paradigm: 'R', lastEpoch: 0 });
  folder.addRun(digits, { name: 'longer R', paradigm: 'R', lastEpoch: 5 });
  const clothes = await folder.importDigits('clothes', 1);
  folder.addRun(clothes, { name: 'clothes C', paradigm: 'C' });
  folder.addRun(clothes, { name: 'clothes R', paradigm: 'R' });
  written = await write({}, out);
}, 60_000);
afterAll(() => {
  folder.close();
  removeFolder(dataDir);
});

interface Record {
  caption: string;
  widthPt: number;
  specification: { template: string; example: number; examples: number[]; epoch: number | string };
  runs: { name: string; paradigm: string }[];
}
const readRecord = (stem: string, place = out): Record =>
  JSON.parse(readFileSync(join(place, `figure-${stem}.figure.json`), 'utf8')) as Record;
const numbers = [1, 2, 3, 4, 5, 6, 7, 8];

describe('the figures of the paper', () => {
  it('are eight, each with its record and data, and two tables', () => {
    const endings = ['svg', 'pdf', 'png', 'csv', 'figure.json'];
    const figures = numbers.map((i) => endings.map((ending) => `figure-${i}.${ending}`));
    const tables = [1, 2].flatMap((i) => ['tex', 'md', 'csv'].map((e) => `table-${i}.${e}`));
    const all = [...figures.flat(), ...tables, 'figures.tex'].sort();
    expect(readdirSync(out).sort()).toEqual(all);
    expect(written.files.map((path) => basename(path)).sort()).toEqual(all);
    expect(written.leftOut).toBeNull();
  });

  it('show the same five early and late, R before C, then a shoe, then what is odd', () => {
    const records = numbers.map((i) => readRecord(String(i)));
    expect(records.map(({ runs }) => runs[0]?.paradigm).join('')).toBe('RCRCRCCR');
    expect(records.map(({ specification }) => specification.epoch)).toEqual([
      1, 1, 3, 3, 3, 3, 3, 3,
    ]);
    // Both runs are right about image 5, the first five; of every five, the second and third are
    // wrong, so that no image of class 7, which stands for the shoe, is right.
    const shown = records.map(({ specification }) => specification.example);
    expect(shown.slice(0, 6)).toEqual([5, 5, 5, 5, 7, 7]);
    expect(records.map(({ runs }) => runs[0]?.name).slice(4, 6)).toEqual([
      'clothes R',
      'clothes C',
    ]);
  });

  it('say in their captions why this image', () => {
    const captions = numbers.map((i) => readRecord(String(i)).caption);
    expect(captions[0]).toMatch(
      /^Class 5 under R at epoch 1\. The image is the first of class 5 among the test images that both runs evaluated and predict right at their best epochs \(C: 3, R: 3\)\./,
    );
    expect(captions[3]).toContain('Class 5 under C at its best epoch, 3 (lowest validation loss).');
    expect(captions[4]).toContain('none of the class is predicted right by both');
    expect(captions[4]).toContain('clothes has no class named sneaker; number 7 of its classes');
    expect(captions[6]).toMatch(
      /^An odd image of class 4 under C\. Of the 3 test images of class 4/,
    );
  });

  it('show as odd the image whose label is least probable', () => {
    // Best epoch 3 of seed 1 was made with the key 13 under C and 18 under R; all of class 4 are
    // right, so that the label's probability is the confidence, and so are 3, 13 and 23.
    const least = (ids: number[], key: number): number | undefined =>
      ids.toSorted((a, b) => predictionOf(a, key).confidence - predictionOf(b, key).confidence)[0];
    expect(readRecord('7').specification.example).toBe(least([4, 14, 24], 13));
    // Of every five, the fourth is right and sure, the third wrong.
    expect(readRecord('8').specification.example).toBe(least([3, 13, 23], 18));
  });

  it('compile, fit their page, and keep every name', (context) => {
    needTool(context, 'pdflatex');
    const run = () =>
      runTool('pdflatex', ['-interaction=nonstopmode', '-halt-on-error', 'figures.tex'], out);
    run();
    const log = run();
    expect(log).not.toMatch(/Overfull/);
    expect(log).not.toMatch(/Missing character|undefined/i);
    expect(existsSync(join(out, 'figures.pdf'))).toBe(true);
    needTool(context, 'pdftotext');
    const text = runTool('pdftotext', ['-layout', join(out, 'figures.pdf'), '-']);
    expect(text).toContain('R&C 50% #1_{a}~^\\ <b>');
    expect(text.match(/Figure \d:/g)).toEqual(numbers.map((i) => `Figure ${i}:`));
    expect(text.match(/Table \d:/g)).toHaveLength(2);
  });

  it('leave out 5 and 6 without a second data set, and say so', async (context) => {
    const place = join(dataDir, 'alone');
    const { files, leftOut } = await write({ fashionRuns: null }, place);
    expect(files.some((path) => /figure-[56]\./.test(path))).toBe(false);
    expect(leftOut).toMatch(/^Figures 5 and 6 are left out/);
    const tex = readFileSync(join(place, 'figures.tex'), 'utf8');
    expect(tex).toContain(leftOut);
    needTool(context, 'pdflatex');
    needTool(context, 'pdftotext');
    runTool('pdflatex', ['-interaction=nonstopmode', '-halt-on-error', 'figures.tex'], place);
    const text = runTool('pdftotext', ['-layout', join(place, 'figures.pdf'), '-']);
    expect(text).toContain(leftOut);
    expect(text.match(/Figure \d:/g)).toEqual([1, 2, 3, 4, 7, 8].map((i) => `Figure ${i}:`));
  });

  it('put C beside R where that is asked for, at the venue, image and epoch asked for', async () => {
    const place = join(dataDir, 'beside');
    await write({ sideBySide: true, venue: 'lncs', example: 12, epoch: 2 }, place);
    const stems = readdirSync(place).filter((name) => name.endsWith('.pdf'));
    expect(stems.sort()).toEqual(
      ['1-2', '3-4', '5-6', '7', '8'].map((stem) => `figure-${stem}.pdf`),
    );
    const [early, late] = [readRecord('1-2', place), readRecord('3-4', place)];
    expect(early.runs.map(({ paradigm }) => paradigm)).toEqual(['C', 'R']);
    for (const { specification, widthPt, caption } of [early, late]) {
      expect(specification.examples).toEqual([12]);
      expect(widthPt).toBeCloseTo((122 / 25.4) * 72, 6);
      expect(caption).toContain('The image was chosen by hand.');
    }
    expect([early, late].map(({ specification }) => specification.epoch)).toEqual([1, 2]);
    expect(readRecord('7', place).specification.epoch).toBe(2);
    expect(readFileSync(join(place, 'figures.tex'), 'utf8')).toContain('{1--2}');
  });

  it.each([
    [{ runs: ['digits C', 'digits C 2'] }, /one under R, not digits C \(C\), digits C 2 \(C\)/],
    [{ runs: ['digits C'] }, /not digits C \(C\)/],
    [{ runs: ['digits C', 'clothes R'] }, /different data sets/],
    [
      { runs: ['digits C', 'untrained R'] },
      /Run untrained R has no epoch 1, which figures 1 and 2/,
    ],
    [{ runs: ['digits C', 'longer R'], epoch: 4 }, /Run digits C has no epoch 4/],
    [{ example: 35 }, /did not evaluate test image 35/],
    [{ example: 4000 }, /did not evaluate test image 4000/],
    [{ fashionRuns: ['clothes C'] }, /not clothes C \(C\)/],
    [{ fashionRuns: ['digits C 2', 'longer R'] }, /Run digits C 2 was evaluated on digits, as/],
    [{ fashionRuns: ['clothes C', 'nobody'] }, /no run nobody/],
  ] satisfies [Partial<PaperOptions>, RegExp][])(
    'are refused for %j before anything is written',
    async (changes, message) => {
      const place = join(dataDir, 'refused');
      await expect(write(changes, place)).rejects.toThrow(message);
      expect(existsSync(place)).toBe(false);
    },
  );
});

describe('text for LaTeX', () => {
  it('can be set, whatever character of Latin, Greek or mathematics it holds', (context) => {
    needTool(context, 'pdflatex');
    const points = Array.from({ length: 0x17f - 0xa0 + 1 }, (_, i) => 0xa0 + i);
    const text = escapeLatex([String.fromCodePoint(...points), ...mathCharacters, 'ΆΐώΫ'].join(''));
    const tex = buildPaperTex([], [], null).replace('\\end{document}', () =>
      [...defineOtherCharacter(text), text, '\\end{document}'].join('\n'),
    );
    writeFileSync(join(dataDir, 'letters.tex'), tex);
    const words = ['-interaction=nonstopmode', '-halt-on-error', 'letters.tex'];
    expect(runTool('pdflatex', words, dataDir)).not.toMatch(/not set up for use|Missing character/);
  });
});
