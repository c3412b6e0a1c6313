import { z } from 'zod';
import { AfterimageError } from '../errors.ts';
import { renameInSpecification } from '../metrics/formerNames.ts';
import type { TemplateCard } from './card.ts';
import { registry, type Template } from './registry.ts';

export type { EpochChoice } from './fields.ts';
export type { Template } from './registry.ts';

export const templates = Object.keys(registry) as [Template, ...Template[]];
export type SpecOf<T extends Template> = z.infer<(typeof registry)[T]['schema']>;
/** Everything that determines a figure besides the history. */
export type FigureSpec = { [T in Template]: SpecOf<T> }[Template];

const invalid = (message: string, remedy: string): AfterimageError =>
  new AfterimageError('INVALID_ARGUMENT', message, remedy);

/** Of a name that is none. */
const shownCharacters = 100;

/** A specification as people write it, checked and filled in; INVALID_ARGUMENT names what is wrong. */
export function parseFigureSpec(value: unknown): FigureSpec {
  const given = typeof value === 'object' && value !== null ? renameInSpecification(value) : {};
  const name = given['template'];
  const template = templates.find((known) => known === name);
  if (template === undefined) {
    const problem =
      typeof name === 'string'
        ? `has the unknown template ${JSON.stringify(name.slice(0, shownCharacters))}`
        : 'names no template';
    throw invalid(`The figure specification ${problem}.`, `Choose one of ${templates.join(', ')}.`);
  }
  const parsed = registry[template].schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') ?? '';
  const where = place === '' ? 'is not usable' : `has an unusable "${place}"`;
  throw invalid(
    `The specification of a ${template} ${where}: ${issue?.message ?? ''}.`,
    'Correct the specification.',
  );
}

/** The JSON schema of all specifications, for editors that check as one types. */
export const figureSpecJsonSchema = (): unknown =>
  z.toJSONSchema(z.union(Object.values(registry).map(({ schema }) => schema)), { io: 'input' });

/** What a template shows, in words. */
export const templateTitle = (template: Template): string => registry[template].title;

/** How people choose a template. */
export const templateCard = (template: Template): TemplateCard => registry[template].card;

/** Which width suits a template where the specification gives none: one column or two. */
export const defaultColumns = (template: Template): 1 | 2 => registry[template].columns;
