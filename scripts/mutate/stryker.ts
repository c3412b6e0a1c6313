import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Instrumenter } from './choice.ts';
import type { Mutator } from './syntax.ts';

/** What became of a mutant. */
export interface Result {
  fileName: string;
  location: { start: Position; end: Position };
  replacement: string;
  status: string;
}

/** Of lines from 1 and columns from 1. */
interface Position {
  line: number;
  column: number;
}

/** What is used of Stryker, whose own types are not there where it is not installed. */
interface InstrumenterPackage {
  Instrumenter: new (logger: object) => {
    instrument: (
      sources: { name: string; content: string; mutate: boolean }[],
      options: { plugins: null; excludedMutations: never[]; ignorers: never[] },
    ) => Promise<unknown>;
  };
}
interface CorePackage {
  Stryker: new (options: object) => { runMutationTest: () => Promise<Result[]> };
}

const folder = import.meta.dirname;
const here = createRequire(import.meta.url);

/** Installs Stryker beside this file, unless what its lock file names is there. */
function install(): void {
  const writtenAt = (name: string): number =>
    statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (writtenAt('node_modules/.package-lock.json') >= writtenAt('package-lock.json')) return;
  const { status } = spawnSync('npm ci --no-audit --no-fund', {
    cwd: folder,
    shell: true,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('Stryker could not be installed.');
}

const ignore = (): undefined => undefined;

/** A logger that says nothing: of no interest while mutants are only listed. */
const silent = {
  ...{ isTraceEnabled: ignore, isDebugEnabled: ignore, isInfoEnabled: ignore },
  ...{ isWarnEnabled: ignore, isErrorEnabled: ignore, isFatalEnabled: ignore },
  ...{ trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore, fatal: ignore },
};

const importFrom = async (path: string): Promise<unknown> => import(pathToFileURL(path).href);

/** Stryker, installed where it is not yet. */
export async function loadStryker(): Promise<
  Instrumenter & { test: (options: object) => Promise<Result[]> }
> {
  install();
  const entry = here.resolve('@stryker-mutator/instrumenter');
  const { Instrumenter } = (await importFrom(entry)) as InstrumenterPackage;
  // Its own list, which is no part of its interface but the one way to add a mutator to it.
  const list = await importFrom(join(dirname(entry), 'mutators/mutate.js'));
  const { allMutators } = list as { allMutators: Mutator[] };
  const { Stryker } = (await importFrom(here.resolve('@stryker-mutator/core'))) as CorePackage;
  const instrument = async (files: readonly string[]): Promise<unknown> => {
    const contents = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    const sources = files.map((file, i) => ({
      name: resolve(file),
      content: contents[i] ?? '',
      mutate: true,
    }));
    const options = { plugins: null, excludedMutations: [], ignorers: [] };
    return new Instrumenter(silent).instrument(sources, options);
  };
  return {
    mutators: allMutators,
    instrument,
    test: (options) => new Stryker(options).runMutationTest(),
  };
}
