import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../../../src/core/formats/safetensors.ts';
import { DatasetLibrary } from '../../../../src/main/datasets/library.ts';
import { judgedEpoch } from '../../../../src/core/metrics/judgedEpoch.ts';
import { keyOfRun, plannedRuns } from '../../../../src/core/studies/plan.ts';
import { parseStudy } from '../../../../src/core/studies/study.ts';
import { studyOfRuns } from '../../../../src/core/studies/studyOfRuns.ts';
import {
  openReportParts,
  requestOfStudy,
} from '../../../../src/main/workbench/report/reportParts.ts';
import { writeReport } from '../../../../src/main/workbench/report/writeReport.ts';
import { readHere, runHere } from '../../../support/commands.ts';
import { makeTemporaryFolder, removeFolder } from '../../../support/digits.ts';
import { fakeExplaining } from '../../../support/fakeExplaining.ts';
import { FigureFolder } from '../../../support/figureHistory.ts';
import { needTool, runTool } from '../../../support/tools.ts';
import { errorOf } from '../../store/fixtures.ts';

const dataDir = makeTemporaryFolder();
const out = join(dataDir, 'report');
/** What LaTeX, HTML and shells trip over. */
const awkward = String.raw`R&C's 50% #1_{a}~^\ <b>"q" $y$ 5 − 3`;
const question = `Does it <i>pay</i> & at what cost_1?

To 100%: --yes, **as** *said* at https://x.org/a_b#c and [there](https://x.org/~me?a=1&b=%20):

1. \`--set x='y'\`
   - a
     - b
       - c
         - d
           > e
2. [f]

\`\`\`
if x
  then --file
\`\`\`

>

# A heading with ~~signs~~ & [a link](https://x.org/%7B#_)

|a|b|
|-|-:|
|[1|2%|
`;
let folder: FigureFolder;
let ids: string[];
let studyId: string;
let written: string[];

beforeAll(async () => {
  folder = new FigureFolder(dataDir);
  const { history } = folder;
  const digits = await folder.importDigits('digits');
  const accuracies = { C: [0.91, 0.92, 0.94], R: [0.9, 0.93, 0.93] };
  ids = (['C', 'R'] as const).flatMap((paradigm) =>
    accuracies[paradigm].map((testAccuracy, i) =>
      folder.addRun(digits, {
        ...{ name: `${paradigm} & ${i + 1}`, paradigm, seed: i + 1 },
        metrics: { testAccuracy },
      }),
    ),
  );
  const runs = ids.map((id) => history.runs.get(id));
  const study = studyOfRuns(awkward, question, runs);
  study.bases.forEach((base) => Reflect.deleteProperty(base, 'seeds'));
  study.seeds = [1, 2, 3, 4];
  studyId = history.studies.insert(study).id;
  history.studies.addRuns(
    studyId,
    runs.map(({ id, config, seed }) => ({ runId: id, key: keyOfRun(config, seed) })),
  );
  await writeHere(requestOfStudy(history, studyId));
}, 60_000);
afterAll(() => {
  folder.close();
  removeFolder(dataDir);
});

async function writeHere(request: ReturnType<typeof requestOfStudy>, to = out): Promise<void> {
  const { history } = folder;
  const library = new DatasetLibrary(join(dataDir, 'datasets'), history.datasets);
  const parts = openReportParts(history, library, fakeExplaining);
  written = await writeReport(parts, request, to, () => undefined);
}

const read = (name: string): string => readFileSync(join(out, name), 'utf8');
const rowsOf = (name: string): string[][] =>
  read(name)
    .trim()
    .split('\n')
    .map((line) => line.trim().split(','));

describe('the report of a study', () => {
  it('has its documents, tables and figures, and says which runs are not in it', () => {
    const names = written.map((path) => relative(out, path));
    for (const name of ['report.tex', 'report.html', 'runs.csv', 'epochs.csv', 'study.json']) {
      expect(names).toContain(name);
    }
    for (const stem of [
      'curves',
      'frontier',
      'evolution',
      'low-confidence-1',
      'low-confidence-2',
    ]) {
      expect(names).toContain(`figures/${stem}.pdf`);
    }
    expect(read('report.tex')).toContain('2 of its runs are not done and not in this report: ');
    expect(read('report.tex')).not.toContain('cannot be drawn');
  });

  it('gives mean, deviation and n as worked out by hand', () => {
    const [head = [], c = [], r = []] = rowsOf('tables/seeds.csv');
    const at = (row: string[], key: string): string => row[head.indexOf(key)] ?? '';
    // Of 91, 92, 94 and of 90, 93, 93: squares of deviations from the means add up to 14/3 and to 6.
    expect(Number(at(c, 'testAccuracy'))).toBeCloseTo(92.3333, 3);
    expect(Number(at(c, 'testAccuracyDeviation'))).toBeCloseTo(Math.sqrt(7 / 3), 6);
    expect(Number(at(r, 'testAccuracy'))).toBeCloseTo(92, 6);
    expect(Number(at(r, 'testAccuracyDeviation'))).toBeCloseTo(Math.sqrt(3), 6);
    expect([at(c, 'n'), at(r, 'n')]).toEqual(['3', '3']);
  });

  it('tests by seed and lists what is left open', () => {
    const [head = [], accuracy = []] = rowsOf('tables/comparison-1.csv');
    // Differences of -1, 1 and -1: mean -1/3, t = -1/2 on 2 degrees, p = 1 - 0.5 / sqrt(2 + 0.5 ** 2).
    expect(Number(accuracy[head.indexOf('difference')])).toBeCloseTo(-1 / 3, 6);
    expect(Number(accuracy[head.indexOf('pT')])).toBeCloseTo(2 / 3, 6);
    expect(read('report.tex')).toContain(
      'no difference is shown at the 5\\% level in Accuracy (\\%) (least adjusted p = 0.667).',
    );
    expect(read('report.tex')).toContain('3 seeds are too few for Wilcoxon');
  });

  it('knows every run by the checksum of its weights', () => {
    const { history } = folder;
    const [head = [], ...rows] = rowsOf('runs.csv');
    const sums = ids.map((id) => {
      const best = judgedEpoch(history.runs.get(id))?.epoch ?? -1;
      const { tensors } = decodeSafetensors(history.weights.get(id, best).weights, id);
      const digest = createHash('sha256');
      for (const { values } of Object.values(tensors)) digest.update(values);
      return digest.digest('hex');
    });
    expect(rows.map((row) => row[head.indexOf('weights')])).toEqual(sums);
    expect(read('report.tex')).toContain('\\input{tables/runs.tex}');
    expect(read('tables/runs.tex')).toContain(sums[0]?.slice(0, 12));
  });

  it('brings every metric of every epoch, as it is stored', () => {
    const { history } = folder;
    const [head = [], ...rows] = rowsOf('epochs.csv');
    const stored = ids.flatMap((id) =>
      history.runs.get(id).epochs.map((metrics) => ({ id, metrics })),
    );
    expect(rows).toHaveLength(stored.length);
    for (const { id, metrics } of stored) {
      const row = rows.find(
        (cells) => cells[0] === id && cells[head.indexOf('epoch')] === String(metrics.epoch),
      );
      const at = (key: string): number => Number(row?.[head.indexOf(key)]);
      expect([at('seed'), at('validationLoss'), at('inputCorrelation')]).toEqual([
        history.runs.get(id).seed,
        metrics.validationLoss,
        metrics.mapMeans['inputCorrelation']?.mean,
      ]);
    }
  });

  it('brings a plan from which the same runs are trained again', async () => {
    const plan = parseStudy(JSON.parse(read('study.json')));
    const keys = plannedRuns(plan).map(({ key }) => key);
    for (const id of ids) {
      const { config, seed } = folder.history.runs.get(id);
      expect(keys).toContain(keyOfRun(config, seed));
    }
    expect(read('report.html')).toContain('--file study.json');
    const there = makeTemporaryFolder();
    try {
      const command = ['study', 'create', 'again', '--file', join(out, 'study.json')];
      expect(await readHere(there, ...command)).toMatchObject({ planned: 8 });
    } finally {
      removeFolder(there);
    }
  });

  it('is one HTML file with every figure in it', () => {
    const html = read('report.html');
    const sources = [...html.matchAll(/ src="([^"]*)"/g)].map(([, source]) => source ?? '');
    expect(sources).toHaveLength(5);
    for (const source of sources) {
      const [, text = ''] = source.split('data:image/svg+xml;base64,');
      expect(Buffer.from(text, 'base64').toString()).toMatch(/<svg[^]*<\/svg>\s*$/);
    }
  });

  it('compiles as it is', (context) => {
    needTool(context, 'pdflatex');
    const flags = ['-interaction=nonstopmode', '-halt-on-error'];
    runTool('pdflatex', [...flags, 'report.tex'], out);
    const log = runTool('pdflatex', [...flags, 'report.tex'], out);
    expect(log).not.toMatch(/Warning|Overfull|undefined/);
    needTool(context, 'pdftotext');
    const text = runTool('pdftotext', ['-layout', 'report.pdf', '-'], out);
    expect(text).toContain('--file study.json');
    expect(text).toContain('What the tests leave open');
    expect(text).toMatch(/Does it <i>pay<\/i> & at what cost_1\?/);
    expect(text).toMatch(/1\.\s+--set x='y'\n[^]*2\. \[f\]\n[^]*if x\n +then --file\n/);
    expect(text).not.toContain('**');
  });

  it('is made by a command, and refused in a line where nothing is done', async () => {
    const elsewhere = join(dataDir, 'by-command');
    folder.history.studies.insert({
      ...folder.history.studies.get(studyId).study,
      name: 'not begun',
    });
    const said = await readHere(dataDir, 'study', 'report', awkward, '--out', elsewhere);
    expect(said).toMatchObject({ study: studyId, runs: ids });
    // Nothing of the time or the machine is in it.
    for (const name of ['report.tex', 'report.html', 'runs.csv', 'epochs.csv', 'study.json']) {
      expect(readFileSync(join(elsewhere, name), 'utf8')).toBe(read(name));
    }
    const refused = await runHere(dataDir, 'study', 'report', 'not begun', '--out', elsewhere);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/^error: not begun has no run that is done.*\n$/);
  });
});

it('two runs of one seed are tested on their images', async () => {
  const { history } = folder;
  const runIds = [ids[0] ?? '', ids[3] ?? ''];
  const request = { title: 'Two', question: '', runIds, study: null, missing: [] };
  const to = join(dataDir, 'two');
  await writeHere(request, to);
  const tex = readFileSync(join(to, 'tables/comparison-1.tex'), 'utf8');
  expect(tex).toContain('McNemar');
  expect(readFileSync(join(to, 'report.tex'), 'utf8')).not.toContain('\\section{Question}');
  const twice = { ...request, runIds: [...runIds, repeatRun(history.runs.get(runIds[0] ?? ''))] };
  expect((await errorOf(() => writeHere(twice, to))).message).toContain('seed 1 more than once');
});

it('draws a frontier for each value of what else is varied, with what is in none beside it', async () => {
  const digits = folder.history.splits.getDataset(ids[0] ?? '');
  if (digits === null) throw new Error('The run has no data set.');
  const swept = (['sum', 'mean'] as const).map((distanceReduction) =>
    [0.1, 1].map((weight) =>
      folder.addRun(digits, {
        ...{ name: `${distanceReduction} ${weight}`, paradigm: 'R', seed: 1 },
        config: { 'contrastive.weight': weight, distanceReduction },
      }),
    ),
  );
  const runIds = [ids[0] ?? '', ...swept.flat()];
  const to = join(dataDir, 'frontiers');
  await writeHere({ title: 'Frontiers', question: '', runIds, study: null, missing: [] }, to);
  const tex = readFileSync(join(to, 'report.tex'), 'utf8');
  expect(tex).not.toContain('cannot be drawn');
  for (const [i, reduction] of ['sum', 'mean'].entries()) {
    const path = join(to, `figures/frontier-${i + 1}.figure.json`);
    const { specification } = JSON.parse(readFileSync(path, 'utf8')) as {
      specification: { runs: string[]; sweep: string };
    };
    expect(specification.runs).toEqual([ids[0], ...(swept[i] ?? [])]);
    expect(tex).toContain(
      `distance reduction ${reduction}; only contrastive: weight varies in it.`,
    );
  }
});

/** Another run of the same configuration and seed. */
function repeatRun({ name, seed }: { name: string; seed: number }): string {
  const [first = ''] = ids;
  const dataset = folder.history.splits.getDataset(first);
  if (dataset === null) throw new Error('The run has no data set.');
  return folder.addRun(dataset, { name: `${name} again`, paradigm: 'C', seed });
}
