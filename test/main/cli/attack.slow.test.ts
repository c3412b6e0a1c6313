import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { isOver, runCli, startCli } from '../../support/cli.ts';
import { importDigits, runHere } from '../../support/commands.ts';
import { makeFolder, shortRun, writeDigits } from '../../support/digits.ts';
import { readRuns } from '../../support/storedRun.ts';

/** Rounds, in each of which every command is killed once: 1 takes about 40 s. */
const rounds = Number(process.env['AFTERIMAGE_ATTACKS'] ?? 1);

interface Attack {
  name: string;
  words: string[];
  /** What has to be so before it, by commands that are not killed. */
  before?: string[][];
  /** The file that it writes, and whether that is whole. */
  output?: { path: string; isWhole: (content: Buffer) => boolean };
}

const isWholeBundle = (content: Buffer): boolean => {
  const [format = '', digest] = content.toString('latin1', 0, 100).split('\n');
  const inside = content.subarray(format.length + 66);
  return createHash('sha256').update(inside).digest('hex') === digest;
};

const isWholeDatabase = (content: Buffer): boolean => {
  const database = new Database(content);
  try {
    return database.pragma('integrity_check', { simple: true }) === 'ok';
  } finally {
    database.close();
  }
};

/** Every command that writes, on a folder with the run `kept`, and `visitor` in a bundle. */
async function prepare(dataDir: string, copies: string): Promise<Attack[]> {
  const at = (name: string): string => join(copies, name);
  const run = async (...words: string[]): Promise<void> => {
    const { code, stderr } = await runHere(dataDir, ...words);
    if (code !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
  };
  mkdirSync(copies);
  await importDigits(dataDir, 100, 200);
  await run(...shortRun('visitor', 2));
  await run('runs', 'export', 'visitor', '--out', at('visitor.afterimage'));
  const removeVisitor = [
    ['runs', 'delete', 'visitor'],
    ['runs', 'purge', '--all'],
  ];
  for (const words of removeVisitor) await run(...words);
  await run(...shortRun('kept', 2));
  await run('backup', at('good.sqlite'));
  await writeDigits(at('more'), 150, 100);
  const figure = { template: 'training-curves', runs: ['kept'] };
  writeFileSync(at('curves.json'), JSON.stringify(figure));
  const deterministic = async (name: string, ...words: string[]): Promise<Attack> => {
    const all = [...words, '--out', at(name)];
    await run(...all);
    const whole = readFileSync(at(name));
    const isWhole = (content: Buffer): boolean => content.equals(whole);
    return { name, words: all, output: { path: at(name), isWhole } };
  };
  const bundle = (name: string, ...words: string[]): Attack => ({
    name,
    words: ['runs', 'export', 'kept', '--out', at(name), ...words],
    output: { path: at(name), isWhole: isWholeBundle },
  });
  return [
    await deterministic('kept.safetensors', 'weights', '--run', 'kept'),
    await deterministic(
      'maps.npz',
      ...['explain', '--run', 'kept', '--example', '3', '--method', 'lrp'],
    ),
    await deterministic('kept.npz', 'runs', 'export', 'kept', '--format', 'npz', '--epoch', 'all'),
    await deterministic('curves.pdf', 'figure', at('curves.json')),
    bundle('kept.afterimage'),
    bundle('kept with data.afterimage', '--with-data'),
    {
      name: 'backup',
      words: ['backup', at('backup.sqlite')],
      output: { path: at('backup.sqlite'), isWhole: isWholeDatabase },
    },
    // Before weights come in, which are called as their file.
    {
      name: 'audit',
      words: ['audit', '--run', 'kept', '--examples', '4', '--methods', 'gradient'],
    },
    { name: 'import', words: ['runs', 'import', at('visitor.afterimage')] },
    {
      name: 'import-weights',
      words: ['runs', 'import-weights', at('kept.safetensors'), '--model', 'paper-cnn'].concat([
        ...['--data-set', 'digits', '--set', 'testExamples=20'],
      ]),
    },
    {
      name: 'purge',
      before: [
        ['runs', 'import', at('visitor.afterimage')],
        ['runs', 'delete', 'visitor'],
      ],
      words: ['runs', 'purge', '--all'],
    },
    {
      name: 'thin',
      before: [['runs', 'import', at('visitor.afterimage')]],
      words: ['runs', 'thin', 'visitor', '--weights', '--checkpoints'],
    },
    { name: 'compact', words: ['compact'] },
    { name: 'restore', words: ['restore', at('good.sqlite')] },
    {
      name: 'datasets import',
      words: ['datasets', 'import', '--format', 'idx', at('more')].concat(['--name', 'more']),
    },
    { name: 'train', words: shortRun('trained', 2) },
  ];
}

const unfinishedIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.includes('.partial'),
  );

/** Runs a command and kills it at a random moment of the time that it takes. */
async function killAtRandom(
  dataDir: string,
  words: readonly string[],
  { random, durationMs }: { random: Random; durationMs: number },
): Promise<boolean> {
  const started = startCli(dataDir, words);
  const ended = isOver(started);
  await delay(random.uniform(0.2, 1) * durationMs);
  const isKilled = !ended();
  started.process.kill('SIGKILL');
  await started.result;
  return isKilled;
}

it(
  'commands that are killed at random moments lose nothing and leave nothing',
  { timeout: 60_000 + 120_000 * rounds },
  async () => {
    const [dataDir, copies] = [makeFolder(), join(makeFolder(), 'copies')];
    const attacks = await prepare(dataDir, copies);
    const random = Random.fromSeed(20_261_126);
    const [kept] = readRuns(dataDir);
    // Once more, since the first start compiles.
    await runCli(dataDir, 'runs', 'list');
    const began = performance.now();
    await runCli(dataDir, 'runs', 'list');
    const startingMs = performance.now() - began;
    const durations = new Map<string, number>();
    let killed = 0;
    for (let round = 0; round < rounds; round += 1) {
      for (const { name, words, before = [], output } of attacks) {
        for (const earlier of before) await runHere(dataDir, ...earlier);
        const durationMs = durations.get(name) ?? startingMs;
        if (await killAtRandom(dataDir, words, { random, durationMs })) killed += 1;
        const what = `${name} in round ${round}`;

        const { stdout } = await runHere(dataDir, 'verify');
        expect(stdout, what).toBe('All is well.\n');
        expect(unfinishedIn(dataDir), what).toEqual([]);
        expect(readRuns(dataDir), what).toContainEqual(kept);
        if (output !== undefined && existsSync(output.path)) {
          expect(output.isWhole(readFileSync(output.path)), what).toBe(true);
        }

        const began = performance.now();
        const again = await runHere(dataDir, ...words);
        durations.set(name, startingMs + performance.now() - began);
        expect(again, `${what}: ${again.stderr}`).toMatchObject({ code: 0 });
        expect(unfinishedIn(copies), what).toEqual([]);
      }
    }
    console.log(`${killed} of ${rounds * attacks.length} commands were killed before their end`);
    expect(killed).toBeGreaterThan((rounds * attacks.length) / 2);
  },
);
