import type { WorkbenchEvent } from '../../shared/events.ts';
import { parseFigureSpec } from '../../core/figures/spec.ts';
import { pinRuns } from '../../core/figures/runs.ts';
import type { FigureSource } from '../../core/figures/source.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import type { WorkbenchApi } from '../router.ts';
import type { Figures } from '../store/figures.ts';
import type { FigureJob, FigureResult } from './figureJobs.ts';

const types = {
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
  png: 'image/png',
  csv: 'text/csv',
  json: 'application/json',
  zip: 'application/zip',
} as const;

/** The result that was asked for. */
function expectKind<K extends FigureResult['kind']>(
  result: FigureResult,
  kind: K,
): Extract<FigureResult, { kind: K }> {
  if (result.kind === kind) return result as Extract<FigureResult, { kind: K }>;
  throw new Error(`a figure was ${result.kind}, not ${kind}`);
}

export function buildFiguresApi(parts: {
  figures: Pick<Figures, 'list' | 'insert' | 'change' | 'rename' | 'remove'>;
  source: FigureSource;
  worker: { run: (job: FigureJob, options: LongTaskOptions) => Promise<FigureResult> };
  publish: (event: WorkbenchEvent) => void;
}): WorkbenchApi['figures'] {
  const { figures, source, worker, publish } = parts;
  const announce = <T>(result: T): Promise<T> => {
    publish({ type: 'figures' });
    return Promise.resolve(result);
  };
  return {
    list: () => Promise.resolve(figures.list()),
    save: ({ id, name, specification }) => {
      const pinned = pinRuns(parseFigureSpec(specification), source);
      return announce(
        id === null ? figures.insert(name, pinned) : figures.change(id, name, pinned),
      );
    },
    rename: ({ id, name }) => announce(figures.rename(id, name)),
    remove: ({ id }) => {
      figures.remove(id);
      return announce(undefined);
    },
    // Read here: what a caller sends may hold anything, also what no thread can be handed.
    build: async ({ specification: given }, { signal }) => {
      const specification = parseFigureSpec(given);
      const result = await worker.run({ kind: 'build', specification }, { signal });
      const { figure } = expectKind(result, 'built');
      return { ...figure, svg: new Blob([figure.svg], { type: types.svg }) };
    },
    export: async ({ specification: given, file, stem }, { signal }) => {
      const specification = parseFigureSpec(given);
      const result = await worker.run({ kind: 'export', specification, file, stem }, { signal });
      return new Blob([expectKind(result, 'exported').bytes], { type: types[file] });
    },
  };
}
