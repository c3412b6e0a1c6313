import { isBuiltinName } from '../../datasets/builtin.ts';
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

/** How the same runs are trained again, and how this report is made again. */
export function describeRepeating(
  study: Study,
  runs: readonly Run[],
  version: string,
): ReportBlock[] {
  const name = quoteWord(study.name);
  const engines = listEngines(runs);
  const sets = [...new Set(runs.map(({ config }) => config.data.dataset))];
  const own = sets.filter((set) => !isBuiltinName(set));
  return [
    { kind: 'heading', text: 'How to repeat it' },
    {
      kind: 'text',
      text: `With Afterimage ${version}, in its folder, and study.json from beside this report:`,
    },
    {
      kind: 'commands',
      lines: [
        'npm ci',
        `${command} study create ${name} --file study.json`,
        `${command} study run ${name}${engines[0] === undefined ? '' : ` ${engines[0]}`}`,
        `${command} study report ${name} --out report`,
      ],
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
