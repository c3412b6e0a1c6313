import { sizeOf, type ParameterSpec } from '../../../core/models/layers.ts';
import type { Network } from '../../../core/models/network.ts';
import type { Random } from '../../../core/random.ts';
import { initializeParameters } from '../model/parameters.ts';

/** A network's parameters and statistics, as programs keep them. */
export type NetworkState = readonly Float32Array[];

/** Layers randomised together: one with weights and the norms behind it. */
interface Group {
  names: string[];
  /** In parameters and in statistics: from, to. */
  ranges: [[number, number], [number, number]];
}

/** In deeper networks neighbours go together, so that an audit does not grow with the depth. */
export const mostGroups = 10;

const isDrawn = ({ initial }: ParameterSpec): boolean => initial.kind !== 'constant';
const sizeOfAll = (specs: readonly ParameterSpec[]): number =>
  specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);

/** From the input up. */
function listGroups({ layers }: Network): Group[] {
  const groups: Group[] = [];
  let [parameter, statistic] = [0, 0];
  for (const { spec, parameters, statistics } of layers) {
    const [from, fromStatistic] = [parameter, statistic];
    parameter += sizeOfAll(parameters);
    statistic += sizeOfAll(statistics);
    const last = groups.at(-1);
    if (last !== undefined && !parameters.some(isDrawn)) {
      last.ranges[0][1] = parameter;
      last.ranges[1][1] = statistic;
    } else if (parameters.length > 0) {
      groups.push({
        names: [spec.name],
        ranges: [
          [from, parameter],
          [fromStatistic, statistic],
        ],
      });
    }
  }
  return groups;
}

function mergeGroups(groups: readonly Group[]): Group[] {
  const count = Math.min(mostGroups, groups.length);
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [i, i + 1].map((k) => Math.round((k * groups.length) / count));
    const members = groups.slice(from, to);
    const [first, last] = [members[0] as Group, members.at(-1) as Group];
    return {
      names: members.flatMap(({ names }) => names),
      ranges: [
        [first.ranges[0][0], last.ranges[0][1]],
        [first.ranges[1][0], last.ranges[1][1]],
      ],
    };
  });
}

const nameOf = ({ names }: Group): string =>
  names.length === 1 ? (names[0] ?? '') : `${names.at(-1) ?? ''}–${names[0] ?? ''}`;

/** The state with other values in some groups' places. */
function replaceGroups(
  state: NetworkState,
  fresh: NetworkState,
  groups: readonly Group[],
): Float32Array[] {
  return state.map((values, part) => {
    const replaced = values.slice();
    for (const { ranges } of groups) {
      const [from, to] = ranges[part] ?? [0, 0];
      replaced.set((fresh[part] ?? new Float32Array(0)).subarray(from, to), from);
    }
    return replaced;
  });
}

/** Names of what is randomised, from the output down. */
export const listRandomised = (model: Network): string[] =>
  mergeGroups(listGroups(model)).toReversed().map(nameOf);

/**
 * A network's state with layers as they start, drawn once: `cascade` one more at each step, from the output
 * down, `independent` one at a time. Both have the order of `listRandomised`.
 */
export function randomise(
  model: Network,
  state: NetworkState,
  random: Random,
): { cascade: NetworkState[]; independent: NetworkState[] } {
  const fresh = [model.parameters, model.statistics].map((specs) =>
    initializeParameters(specs, random),
  );
  const groups = mergeGroups(listGroups(model)).toReversed();
  return {
    cascade: groups.map((_, i) => replaceGroups(state, fresh, groups.slice(0, i + 1))),
    independent: groups.map((group) => replaceGroups(state, fresh, [group])),
  };
}
