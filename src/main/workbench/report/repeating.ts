import { isBuiltinName } from '../../datasets/builtin.ts';
import { hasImportedWeights } from '../../../core/importedWeights.ts';
import type { Run } from '../../../core/records.ts';
import type { Study } from '../../../core/studies/study.ts';
import type { ReportBlock } from '../../export/report/report.ts';

const command = 'npm run -s afterimage --';

/** A word as a shell takes it. */
export const quoteWord = (word: string): string =>
  /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** What a run's engine is called on the command line; nothing of a run that has none. */
function listEngines(runs: readonly Run[]): string[] {
  const options = runs.map(({ engine }) => {
    if (engine === null) return '';
    // The embedded engine gives the same bits with any number.
    const threads = engine.name === 'native' ? ` --threads ${engine.threads}` : '';
    return `--engine ${engine.name}${threads}`;
  });
  return [...new Set(options)].filter((option) => option !== '');
}

const joinNames = (runs: readonly Run[]): string => runs.map(({ name }) => name).join(', ');

/** How to come to runs whose weights were imported. */
const describeImported = (imported: readonly Run[]): ReportBlock => ({
  kind: 'text',
  text: `Nothing was trained for ${joinNames(imported)}: their weights were imported. “runs import-weights” makes such a run of the file that its note names, with the file’s SHA-256.`,
});

/** How the same runs are trained again, and how this report is made again. */
export function describeRepeating(
  study: Study,
  runs: readonly Run[],
  version: string,
): ReportBlock[] {
  const name = quoteWord(study.name);
  const isImported = ({ epochs }: Run): boolean => hasImportedWeights(epochs.at(-1));
  const imported = runs.filter(isImported);
  const trained = runs.filter((run) => !isImported(run));
  const engines = listEngines(trained);
  const sets = [...new Set(runs.map(({ config }) => config.data.dataset))];
  const own = sets.filter((set) => !isBuiltinName(set));
  const making =
    trained.length === 0
      ? [`${command} study create ${name} --runs ${quoteWord(runs.map((run) => run.name).join())}`]
      : [
          `${command} study create ${name} --file study.json`,
          `${command} study run ${name}${engines[0] === undefined ? '' : ` ${engines[0]}`}`,
        ];
  return [
    { kind: 'heading', text: 'How to repeat it' },
    ...(imported.length === 0 ? [] : [describeImported(imported)]),
    {
      kind: 'text',
      text: `With Afterimage ${version}, in its folder${trained.length === 0 ? '' : ', and study.json from beside this report'}:`,
    },
    {
      kind: 'commands',
      lines: ['npm ci', ...making, `${command} study report ${name} --out report`],
    },
    {
      kind: 'text',
      text: [
        'The same version, engine, device and threads give the same numbers to the bit, and the same checksums of weights.',
        ...(engines.length > 1
          ? [`These runs were trained with ${engines.join(' and with ')}: give each its own.`]
          : []),
        ...(own.length > 0
          ? [
              `${own.join(', ')}: must be in the library before, under ${own.length === 1 ? 'its name' : 'their names'} and with the SHA-256 of the table of data (“datasets fetch” or “datasets import”).`,
            ]
          : []),
      ].join(' '),
    },
  ];
}
