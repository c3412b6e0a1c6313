import { nearest } from './editDistance.ts';
import { AfterimageError } from './errors.ts';

/** What a class is called where people read; its number where it has no name. */
export const nameClass = (classNames: readonly string[], index: number): string =>
  classNames[index] ?? String(index);

/** Names may be written with combined or separate accents: both are one name. */
export const sameForm = (name: string): string => name.normalize('NFC');

/** Most characters of a class's name. */
export const classNameLength = 200;

/** A name as it is kept: without spaces around it, in Unicode's composed form. */
export const keptName = (name: string): string => sameForm(name.trim());

/** Why kept names cannot be those of a set's classes, and what to do; null where they can. */
export function findNameProblem(
  names: readonly string[],
): { message: string; remedy: string } | null {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined && twice !== '') {
    return {
      message: `Two classes would be called "${twice}".`,
      remedy: 'Give each class a name of its own.',
    };
  }
  if (names.every((name) => name !== '' && name.length <= classNameLength)) return null;
  return {
    message: `A class's name has 1 to ${classNameLength} characters.`,
    remedy: 'Give each class a name.',
  };
}

/**
 * The position of the class that is called so, never of its number: a set's classes may be called by
 * other numbers. INVALID_ARGUMENT names the nearest where no class has the name.
 *
 * @param dataset stands for the set in the error
 */
export function findClass(name: string, classNames: readonly string[], dataset: string): number {
  const index = classNames.findIndex((known) => sameForm(known) === sameForm(name));
  if (index >= 0) return index;
  const close = nearest(name, classNames);
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `Data set ${dataset} has no class called "${name}"${close === undefined ? '' : `; the nearest is "${close}"`}.`,
    `"datasets list" shows the names of its ${classNames.length} classes.`,
  );
}
