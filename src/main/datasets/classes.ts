import { findNameProblem, keptName } from '../../core/classNames.ts';
import { invalidArgument, type AfterimageError } from '../../core/errors.ts';
import { corruptInput } from './source.ts';
import type { SourceContent } from './source.ts';

/** Names as they are kept. INVALID_ARGUMENT where they cannot be those of a set's classes. */
export function checkClassNames(names: readonly string[]): string[] {
  const kept = names.map(keptName);
  const problem = findNameProblem(kept);
  if (problem !== null) throw invalidArgument(problem.message, problem.remedy);
  return kept;
}

const refuseCount = (given: readonly string[], classNames: readonly string[]): AfterimageError =>
  invalidArgument(
    `${given.length} names are given for ${classNames.length} classes: ${classNames.join(', ')}.`,
    'Give as many names as there are classes, in their order.',
  );

/** The names of a stored set's classes, in their order. INVALID_ARGUMENT unless one for each. */
export function replaceNames(classNames: readonly string[], given: readonly string[]): string[] {
  const names = checkClassNames(given);
  if (names.length !== classNames.length) throw refuseCount(names, classNames);
  return names;
}

/**
 * The same content under given names: in the order of its classes, or, where its labels are numbers
 * and some do not occur, by those numbers, counted from 0.
 */
export function nameClasses(content: SourceContent, given: readonly string[]): SourceContent {
  const { classNames, train, test } = content;
  const names = checkClassNames(given);
  if (names.length === classNames.length) return { ...content, classNames: names };
  const values = classNames.map((name) => (/^\d+$/.test(name) ? Number(name) : Number.NaN));
  if (!values.every((value) => value < names.length)) throw refuseCount(names, classNames);
  const number = ({ labels, ...split }: SourceContent['train']): SourceContent['train'] => ({
    ...split,
    labels: labels.map((label) => values[label] ?? 0),
  });
  return { ...content, classNames: names, train: number(train), test: number(test) };
}

/** Images per class, [classes]. */
export function countClasses(labels: Uint8Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

/** How many names a note tells before it only counts. */
const shownNames = 5;

/** What people should know before they train: which classes have no images in a split. */
export function noteEmptyClasses({ classNames, train, test }: SourceContent): string[] {
  return Object.entries({ training: train, test }).flatMap(([what, { labels }]) => {
    const counts = countClasses(labels, classNames.length);
    const empty = classNames.filter((_, index) => counts[index] === 0);
    if (empty.length === 0) return [];
    const more = empty.length - shownNames;
    const names = empty.slice(0, shownNames).join(', ') + (more > 0 ? ` and ${more} more` : '');
    return [
      empty.length === 1
        ? `class ${names} has no ${what} images`
        : `classes ${names} have no ${what} images`,
    ];
  });
}

/** CORRUPT_INPUT if there is nothing to tell apart. `name` stands for the source. */
export function checkSeveralClasses({ classNames }: SourceContent, name: string): void {
  if (classNames.length > 1) return;
  throw corruptInput(
    `${name} has one class only, ${classNames[0] ?? ''}; a classifier needs two.`,
    'Add images of another class, or name the folder in which the class folders lie.',
  );
}
