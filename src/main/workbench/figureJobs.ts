import type { BuiltFigureAnswer, FigureFile } from '../../shared/contract.ts';
import type { ErrorCode } from '../../core/errors.ts';

/** What the figures' thread is asked for. */
export type FigureJob =
  | { kind: 'build'; specification: unknown }
  | { kind: 'export'; specification: unknown; file: FigureFile; stem: string };

/** What it is started with. */
export interface FigureThreadData {
  dataDir: string;
}

export type FigurePreview = Omit<BuiltFigureAnswer, 'svg'> & { svg: string };

/** What became of a job; errors as values, because they lose their class between threads. */
export type FigureOutcome =
  | { kind: 'built'; figure: FigurePreview }
  | { kind: 'exported'; bytes: Uint8Array<ArrayBuffer> }
  | { kind: 'failed'; code: ErrorCode; message: string; remedy: string };
