import type { Command } from 'commander';
import { readFactors, type OverrideBase } from '../../../core/config/configOverrides.ts';
import { presetNames, presets, type PresetName } from '../../../core/config/presets.ts';
import { invalidArgument } from '../../../core/errors.ts';
import type { StudyFactor } from '../../../core/studies/study.ts';
import { collect, listOf, oneOf, seedList } from '../arguments.ts';

/** What is said of the runs that a command plans. */
export interface PlanOptions {
  preset?: PresetName[];
  set: string[];
  seeds: number[];
  epochs?: string;
  trainExamples?: string;
  testExamples?: string;
}

/** `--preset`, `--set` with its short forms, and `--seeds`. */
export const addPlanOptions = (command: Command): Command =>
  command
    .option(
      '--preset <names>',
      `${presetNames.join(', ')}; several between commas`,
      listOf(oneOf(presetNames)),
    )
    .option(
      '--set <key=value>',
      'change a setting; may be given several times; several values between commas make a run for each (for objective they are the terms); “train --settings” lists the keys',
      collect,
      [],
    )
    .option('--seeds <list>', 'one run for each, such as 1,2,3 or 1-5,8', seedList, [1])
    .option('--epochs <n>', 'most epochs')
    .option('--train-examples <n>', 'stratified subset of the training split')
    .option('--test-examples <n>', 'stratified subset of the test split');

/** `--set` and its short forms, those last. */
export const overridesOf = (options: PlanOptions): string[] => {
  const { set, epochs, trainExamples, testExamples } = options;
  return [
    ...set,
    ...Object.entries({ epochs, trainExamples, testExamples }).flatMap(([key, text]) =>
      text === undefined ? [] : [`${key}=${text}`],
    ),
  ];
};

export const basesOf = (names: readonly PresetName[]): OverrideBase[] =>
  names.map((name) => ({ name, config: presets[name] }));

/**
 * Settings that vary together, as typed: `camWeight,epochs=0.1,2;1,3`, a row of values of each.
 *
 * @throws AfterimageError INVALID_ARGUMENT as `expandOverrides`, or where a row has not a value for each
 */
export function readTogether(bases: readonly OverrideBase[], text: string): StudyFactor {
  const [, left = '', right = ''] = /^([^=]+)=(.+)$/u.exec(text) ?? [];
  const keys = left.split(',').map((key) => key.trim());
  const typed = right.split(';').map((row) => row.split(',').map((value) => value.trim()));
  if (left === '' || typed.some(({ length }) => length !== keys.length)) {
    throw invalidArgument(
      `"${text}" does not give ${keys.join(' and ') || 'settings'} a value each in every row.`,
      'Write it as key,key=value,value;value,value, for example camWeight,epochs=0.1,2;1,3.',
    );
  }
  const rows = typed.map((values) =>
    readFactors(
      bases,
      values.map((value, i) => `${keys[i] ?? ''}=${value}`),
    ),
  );
  const settings = [...new Set(rows.flat().flatMap((factor) => factor.settings))];
  const valueIn = (row: readonly StudyFactor[], path: string) =>
    row.find((factor) => factor.settings[0] === path)?.rows[0]?.[0] ?? null;
  return { settings, rows: rows.map((row) => settings.map((path) => valueIn(row, path))) };
}
