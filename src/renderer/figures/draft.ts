import { toUserError } from '../composables/userError.ts';
import type { UserError } from '../composables/userError.ts';
import type { QueryCodec } from '../composables/useQueryParam.ts';
import { findPaths } from '../../core/config/settingKeys.ts';
import { parseFigureSpec, templates } from '../../core/figures/spec.ts';
import type { FigureSpec, Template } from '../../core/figures/spec.ts';

/**
 * A specification while it is being made: as people write them, without what follows by default, and
 * perhaps not yet complete. Never changed in place.
 */
export type FigureDraft = { template: Template } & Record<string, unknown>;

/** The figure that is being made: where "add to figure" adds. */
export interface FigureInWork {
  /** Of the saved figure that it is; null for a new one. */
  id: string | null;
  draft: FigureDraft;
}

/** One row of an evolution figure. */
export interface DraftRow {
  run: string;
  example: number;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The swept setting by its path: figures may have been saved with the name that it had before. */
function renewSweep({ sweep }: Record<string, unknown>): { sweep?: string } {
  const [path] = typeof sweep === 'string' ? findPaths(sweep) : [];
  return path === undefined ? {} : { sweep: path };
}

/** The draft of a specification, or null where it is of no known template. */
export function toDraft(value: unknown): FigureDraft | null {
  if (!isRecord(value)) return null;
  const template = templates.find((known) => known === value['template']);
  return template === undefined ? null : { ...value, ...renewSweep(value), template };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A draft in the URL: its JSON. */
export const draftParam: QueryCodec<FigureDraft | null> = {
  parse: (text) => (text === null ? null : toDraft(readJson(text))),
  format: (draft) => (draft === null ? null : JSON.stringify(draft)),
};

/** The draft with another value in one field; undefined takes the field out, and so its default. */
export function withField(draft: FigureDraft, key: string, value: unknown): FigureDraft {
  const fields = Object.entries({ ...draft, [key]: value }).filter(
    ([, given]) => given !== undefined,
  );
  return { ...Object.fromEntries(fields), template: draft.template };
}

/** The fields of its style that a draft gives. */
export const styleOf = (draft: FigureDraft): Record<string, unknown> =>
  isRecord(draft['style']) ? draft['style'] : {};

/** The same for fields of the style, several at once. */
export function withStyle(draft: FigureDraft, changes: Record<string, unknown>): FigureDraft {
  const merged = Object.entries({ ...styleOf(draft), ...changes });
  const kept = Object.fromEntries(merged.filter(([, value]) => value !== undefined));
  return withField(draft, 'style', Object.keys(kept).length === 0 ? undefined : kept);
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
const numbers = (value: unknown): number[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'number') : [];

export const rowsOf = (draft: FigureDraft): DraftRow[] =>
  Array.isArray(draft['rows'])
    ? draft['rows'].filter(
        (row): row is DraftRow =>
          isRecord(row) && typeof row['run'] === 'string' && typeof row['example'] === 'number',
      )
    : [];

/** Every run that a draft names, each once. */
export function runsOf(draft: FigureDraft): string[] {
  const single = typeof draft['run'] === 'string' ? [draft['run']] : [];
  return [...new Set([...single, ...texts(draft['runs']), ...rowsOf(draft).map(({ run }) => run)])];
}

/** Every example that a draft names, each once. */
export function examplesOf(draft: FigureDraft): number[] {
  const single = typeof draft['example'] === 'number' ? [draft['example']] : [];
  const ofRows = rowsOf(draft).map(({ example }) => example);
  return [...new Set([...single, ...numbers(draft['examples']), ...ofRows])];
}

/** The specification of a draft, or what it still lacks, in words. */
export function checkDraft(
  draft: FigureDraft,
): { spec: FigureSpec; error: null } | { spec: null; error: UserError } {
  try {
    return { spec: parseFigureSpec(draft), error: null };
  } catch (error) {
    return { spec: null, error: toUserError(error) };
  }
}
