import type { FunctionDefinition } from '../module/assembler.ts';
import type { definitions } from '../module/moduleFunctions.ts';
import type { Compute } from './compute.ts';

/** Some equal places in memory that parts of a job use for themselves, and who uses which. */
export interface Places {
  places: number;
  /** 1: each part has one, of a job in so many parts; 0: each thread, which then stays in its cache. */
  byPart: number;
}

/** Floats that threads may borrow together: 256 MiB of the 4 GiB, whatever their number. */
const mostBorrowed = 2 ** 26;

/** Places of so many floats for each thread, or, where these are too much, for parts. */
export const choosePlaces = (threads: number, length: number): Places => {
  const places = Math.max(1, Math.min(threads, Math.floor(mostBorrowed / length)));
  return { places, byPart: places < threads ? 1 : 0 };
};

/** What a task is told of the places: the first one's address, bytes to the next, and the loan's number. */
export const placeParameters = ['memory', 'placeBytes', 'byPart', 'loan'] as const;
export type PlaceArguments = Readonly<Record<(typeof placeParameters)[number], number>>;

export type LentPlaces = Places & PlaceArguments;

/** The address of the caller's place, whose first `zeros` floats are 0 when its thread, or part, first has it. */
export function usePlace(
  { thread, part, prepared, viewOf }: Compute,
  { memory, placeBytes, byPart, loan }: PlaceArguments,
  zeros = 0,
): number {
  const address = memory + (byPart === 1 ? part : thread) * placeBytes;
  if (byPart === 1 || prepared.loan !== loan) viewOf(address, zeros).fill(0);
  prepared.loan = loan;
  return address;
}

/**
 * Work in `units` that do not depend on each other, so that threads may share them out in any way.
 * `run` does those from `from` up to `to`; what it writes depends on no other unit, nor on who does it.
 */
export interface Task<Name extends string = string> {
  parameters: readonly Name[];
  // As a method, so that tasks of all parameters fit into one table.
  run(compute: Compute, args: Readonly<Record<Name, number>>, from: number, to: number): void;
  /** Units wait for those before them (`addInTurn`), so that each is handed out alone. */
  inOrder?: true;
}

export const defineTask = <const Names extends readonly string[]>(
  parameters: Names,
  run: Task<Names[number]>['run'],
): Task<Names[number]> => ({ parameters, run });

/** A task whose units add to the same sums, in their order. */
export const defineOrderedTask = <const Names extends readonly string[]>(
  parameters: Names,
  run: Task<Names[number]>['run'],
): Task<Names[number]> => ({ parameters, run, inOrder: true });

/** How a call of a function falls into units. */
export interface Split<Moved extends string, Divided extends string> {
  /** The parameter that is divided, and how much of it is a unit. */
  of: Divided;
  unit: number;
  /** What other arguments grow by from unit to unit. */
  steps: Partial<Record<Moved, number>>;
}

type Values<Name extends string> = Readonly<Record<Name, number>>;

/** A task that calls a function of the module for a part of its work, and says into how many it falls. */
export const splitTask = <Name extends string, Read extends Name, Moved extends Name>(
  name: keyof typeof definitions,
  { parameters }: FunctionDefinition<Name>,
  split: (args: Values<Read>) => Split<Moved, Name>,
): Task<Name> & { units: (args: Values<Name>) => number } => ({
  parameters,
  units: (args) => {
    const { of, unit } = split(args);
    return Math.ceil(args[of] / unit);
  },
  run: ({ functions }, args, from, to) => {
    const { of, unit, steps } = split(args);
    const part: Record<Name, number> = { ...args };
    for (const key of Object.keys(steps) as Moved[]) part[key] += from * (steps[key] ?? 0);
    part[of] = Math.min(args[of] - from * unit, (to - from) * unit);
    const call: (args: Values<string>) => void = functions[name];
    call(part);
  },
});
