import type { FigureSpec } from '../../core/figures/spec.ts';
import type { BuiltFigureAnswer, FigureFile } from '../../shared/figureCalls.ts';

/** What the figures' thread is asked for. */
export type FigureJob =
  | { kind: 'build'; specification: FigureSpec }
  | { kind: 'export'; specification: FigureSpec; file: FigureFile; stem: string };

/** What it is started with. */
export interface FigureThreadData {
  dataDir: string;
}

export type FigurePreview = Omit<BuiltFigureAnswer, 'svg'> & { svg: string };

/** What a job gives. */
export type FigureResult =
  { kind: 'built'; figure: FigurePreview } | { kind: 'exported'; bytes: Uint8Array<ArrayBuffer> };
