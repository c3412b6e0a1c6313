import { globSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chooseMutants } from './mutate/choice.ts';
import { loadStryker, type Result } from './mutate/stryker.ts';

/**
 * `npm run mutate -- --seed 1 --count 100`: breaks the program in so many places, one at a time and in a
 * copy of it under out/mutation, and tells which no test has noticed. `--only PATH` takes files whose path
 * holds it. Everything that was tried goes to out/mutation/report.json.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '100' },
    only: { type: 'string', default: '' },
    /** Tests of how many mutants run side by side. */
    workers: { type: 'string', default: '1' },
  },
});

const root = 'src/main/';
const folders = ['learning', 'training', 'store', 'transports'];
/** They begin a process or a thread of its own, which no mutant reaches. */
const ownEntries = /(Process|(?<!In)Thread)\.ts$/;
const files = folders
  .flatMap((folder) => globSync(`${root}${folder}/**/*.ts`))
  .filter((file) => file.includes(values.only) && !ownEntries.test(file))
  .sort();

const options = {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'scripts/mutate/vitest.config.ts', pool: 'forks', related: true },
  coverageAnalysis: 'perTest',
  concurrency: Number(values.workers),
  // Above what all tests of a mutant took before it: for what blocks a thread, which no test's time ends.
  timeoutMS: 60_000,
  timeoutFactor: 2,
  dryRunTimeoutMinutes: 60,
  disableTypeChecks: false,
  ignorePatterns: ['/out', '/dist', '/coverage'],
  tempDirName: 'out/mutation/tree',
  // One test is of another user, who must be let in.
  buildCommand: "node -e fs.chmodSync('.',0o755)",
  reporters: ['json', 'progress-append-only'],
  jsonReporter: { fileName: 'out/mutation/report.json' },
};

/** The place in its file, what stood there and what stood there instead, on one line. */
function describe({ fileName, location: { start, end }, replacement, status }: Result): string {
  const lines = readFileSync(fileName, 'utf8')
    .split('\n')
    .slice(start.line - 1, end.line);
  const last = lines.length - 1;
  lines[last] = lines[last]?.slice(0, end.column - 1) ?? '';
  lines[0] = lines[0]?.slice(start.column - 1) ?? '';
  const [before, after] = [lines.join(' '), replacement].map((code) => code.replace(/\s+/g, ' '));
  return `${fileName}:${start.line} ${status}: ${before} → ${after}`;
}

const stryker = await loadStryker();
const choice = {
  seed: Number(values.seed),
  count: Number(values.count),
  folderOf: (file: string): string => file.slice(root.length).split('/')[0] ?? '',
};
const mutate = await chooseMutants(files, choice, stryker);
const results = await stryker.test({ ...options, mutate });
const failedTests = results.filter(({ status }) => status === 'Killed' || status === 'Timeout');
/** Where a hook fails and no test, or the tests' process dies: noticed as well, but better looked at. */
const errors = results.filter(({ status }) => status === 'RuntimeError');
const noticed = failedTests.length + errors.length;
const told = results.filter((result) => !failedTests.includes(result)).map(describe);
const score = (100 * noticed) / results.length;
told.push(`${noticed} of ${results.length} noticed (${score.toFixed(1)} %)`);
process.stdout.write(`${told.join('\n')}\n`);
