import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Result } from '../../support/cli.ts';
import { readHere, runHere } from '../../support/commands.ts';
import { makeTemporaryFolder, removeFolder } from '../../support/digits.ts';
import { FigureFolder } from '../../support/figureHistory.ts';
import { expectRefusal } from '../../support/refusal.ts';
import { fillDisk, mountSmallDisk } from '../../support/smallDisk.ts';

const dataDir = makeTemporaryFolder();
const at = (name: string): string => join(dataDir, name);

beforeAll(async () => {
  const folder = new FigureFolder(dataDir);
  const digits = await folder.importDigits('digits');
  folder.addRun(digits, { name: 'digits C', paradigm: 'C' });
  folder.addRun(digits, { name: 'digits R', paradigm: 'R' });
  folder.close();
  writeFileSync(
    at('pair.json'),
    JSON.stringify({ template: 'cam-pair', run: 'digits R', example: 3, style: { dpi: 100 } }),
  );
});
afterAll(() => {
  removeFolder(dataDir);
});

interface Drawn {
  caption: string;
  files: string[];
}

describe('figure', () => {
  it('puts fonts into an SVG where told, and says where there is none', async () => {
    const draw = (name: string) =>
      runHere(dataDir, 'figure', at('pair.json'), '--out', at(name), '--embed-fonts');
    expect((await draw('fonts/f.svg')).code).toBe(0);
    expect(readFileSync(at('fonts/f.svg'), 'utf8')).toContain("@font-face{font-family:'Arimo'");
    const record = JSON.parse(readFileSync(at('fonts/f.figure.json'), 'utf8')) as unknown;
    expect(record).toMatchObject({ specification: { style: { embedFonts: true } } });
    expectRefusal(await draw('fonts/f.pdf'), 2, ['--embed-fonts', 'an SVG']);
  });

  it('draws in every format, with record and data beside, and rebuilds to the same bytes', async () => {
    const words = ['--out', at('out/f.svg'), '--out', at('out/f.pdf'), '--out', at('out/f.png')];
    const { caption, files } = (await readHere(
      dataDir,
      'figure',
      at('pair.json'),
      ...words,
    )) as Drawn;
    expect(caption).toContain('Test image 3 of digits (label 3)');
    const names = ['svg', 'pdf', 'png', 'figure.json', 'csv'];
    expect(files).toEqual(names.map((ending) => at(`out/f.${ending}`)));

    const rebuilt = await runHere(
      dataDir,
      'figure',
      at('out/f.figure.json'),
      '--out',
      at('b/f.pdf'),
    );
    expect(rebuilt).toMatchObject({ code: 0, stderr: '' });
    for (const ending of ['pdf', 'csv']) {
      expect(readFileSync(at(`b/f.${ending}`))).toEqual(readFileSync(at(`out/f.${ending}`)));
    }
    const readRecord = (name: string) =>
      JSON.parse(readFileSync(at(name), 'utf8')) as { files: Record<string, string> };
    const [first, again] = [readRecord('out/f.figure.json'), readRecord('b/f.figure.json')];
    // It names the files that were written with it: here one, there three.
    expect(again).toEqual({ ...first, files: { pdf: first.files['pdf'] } });

    const same = await runHere(dataDir, 'figure', 'verify', at('out/f.png'));
    expect(same).toMatchObject({
      code: 0,
      stdout: 'the same: data, drawing and 4 files beside it\n',
    });
    writeFileSync(at('b/f.csv'), 'changed');
    expectRefusal(await runHere(dataDir, 'figure', 'verify', at('b/f.figure.json')), 1, [
      'not what the history yields',
      at('b/f.csv'),
    ]);
  });

  it.each([
    ['an unknown template', { template: 'pie' }, ['unknown template "pie"', 'cam-pair']],
    ['an unknown run', { template: 'cam-pair', run: 'digits X', example: 3 }, ['no run digits X']],
    [
      'a width that is too little',
      { template: 'confusion-matrix', run: 'digits R', style: { widthMm: 15 } },
      ['15.0 mm is too little', 'at least'],
    ],
  ])('refuses %s in one line, and writes nothing', async (_, spec, named) => {
    writeFileSync(at('bad.json'), JSON.stringify(spec));
    const result = await runHere(dataDir, 'figure', at('bad.json'), '--out', at('bad/f.svg'));
    expect(result.code).toBeGreaterThan(0);
    expectRefusal(result, result.code as 1 | 2, named);
    expect(existsSync(at('bad'))).toBe(false);
  });

  it('wants a place and a format that it knows', async () => {
    expectRefusal(await runHere(dataDir, 'figure', at('pair.json')), 2, ['nowhere to go', '--out']);
    const jpeg = await runHere(dataDir, 'figure', at('pair.json'), '--out', at('f.jpg'));
    expectRefusal(jpeg, 2, ['f.jpg', '.svg, .pdf, .png']);
  });
});

describe('a place that the system does not let be written', () => {
  it('is a failure, not an unusable argument, and the files from before stay', async (context) => {
    const disk = mountSmallDisk(1, context);
    const draw = (template: object): Promise<Result> => {
      writeFileSync(at('spec.json'), JSON.stringify({ run: 'digits R', ...template }));
      return runHere(dataDir, 'figure', at('spec.json'), '--out', join(disk, 'f.svg'));
    };
    const confusion = { template: 'confusion-matrix' };
    expect(await draw({ template: 'cam-pair', example: 3 })).toMatchObject({ code: 0 });
    const names = ['f.csv', 'f.figure.json', 'f.svg'];
    expect(readdirSync(disk)).toEqual(names);
    const before = names.map((name) => readFileSync(join(disk, name)));

    fillDisk(join(disk, 'filler'));
    expectRefusal(await draw(confusion), 1, [join(disk, 'f.svg'), 'no space left', 'Free some']);
    const weights = ['weights', '--run', 'digits R', '--out', join(disk, 'w')];
    expectRefusal(await runHere(dataDir, ...weights), 1, [join(disk, 'w'), 'no space left']);
    expect(readdirSync(disk)).toEqual([...names, 'filler'].sort());

    rmSync(join(disk, 'filler'));
    if (spawnSync('mount', ['-o', 'remount,ro', disk]).status === 0) {
      expectRefusal(await draw(confusion), 1, [join(disk, 'f.svg'), 'cannot be written']);
    }
    expect(names.map((name) => readFileSync(join(disk, name)))).toEqual(before);
  });
});

describe('figures paper', () => {
  it('writes all that a paper needs, and says what it lacks', async () => {
    const words = ['figures', 'paper', '--runs', 'digits R,digits C', '--out', at('paper')];
    const { code, stdout, stderr } = await runHere(dataDir, ...words, '--json');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Figures 5 and 6 are left out: .* --fashion-runs C,R\.\n$/);
    const { files } = JSON.parse(stdout) as Pick<Drawn, 'files'>;
    expect(files.filter((file) => /figure-\d\.pdf$/.test(file))).toHaveLength(6);
    expect(files.filter((file) => /table-\d\.tex$/.test(file))).toHaveLength(2);
    expect(files.at(-1)).toBe(at('paper/figures.tex'));
    for (const file of files) expect(existsSync(file)).toBe(true);
  });

  it('takes an image, an epoch, a venue and C beside R', async () => {
    const words = ['figures', 'paper', '--runs', 'digits R,digits C', '--out', at('beside')];
    const asked = '--example 12 --epoch last --venue neurips --side-by-side'.split(' ');
    const { files } = (await readHere(dataDir, ...words, ...asked)) as Pick<Drawn, 'files'>;
    const record = files.find((file) => file.endsWith('figure-3-4.figure.json')) ?? '';
    const { specification } = JSON.parse(readFileSync(record, 'utf8')) as { specification: object };
    expect(specification).toMatchObject({
      examples: [12],
      epoch: 'last',
      style: { venue: 'neurips' },
    });
    const unknown = await runHere(dataDir, ...words, '--venue', 'blog');
    expectRefusal(unknown, 2, ['--venue', 'blog', 'lncs']);
  });
});
