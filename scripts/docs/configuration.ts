import type { Component } from '../../src/core/config/component.ts';
import { configParts, type ConfigPart } from '../../src/core/config/runConfig.ts';
import { shortKey } from '../../src/core/config/settingKeys.ts';
import { allSettings, findSetting, noComponent } from '../../src/core/config/settings.ts';
import type { Setting } from '../../src/core/config/settings.ts';
import { describeRange } from '../../src/core/config/settingWords.ts';

/** Text in a cell: what would end the cell, escaped. */
const cell = (text: string): string => text.replaceAll('|', '\\|');
const code = (text: string): string => (text === '' ? '' : `\`${cell(text)}\``);

function describeDefault({ fallback, nullMeans }: Setting): string {
  return fallback === null ? `none (${nullMeans ?? ''})` : String(fallback);
}

function tabulateFields(fields: readonly Setting[]): string {
  const rows = fields.map((setting) => {
    const { path, title, unit = '', description, formula = '' } = setting;
    const short = shortKey(path) === path ? '' : shortKey(path);
    const when = setting.unusedWhen?.because ?? '';
    const cells = [
      ...[code(path), code(short), cell(title), cell(describeRange(setting)), unit],
      ...[describeDefault(setting), cell([description, when].join(' ').trim()), code(formula)],
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| key | for short | title | values | unit | default | meaning | formula |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

const fieldsOf = (part: string, component: string | null): Setting[] =>
  allSettings.filter(
    (setting) => setting.part === part && setting.component === component && setting.path !== part,
  );

const formulaBlock = (formula: string | undefined): string[] =>
  formula === undefined ? [] : [`\`${formula}\``];

function describeComponent(part: ConfigPart, component: Component): string[] {
  const fields = fieldsOf(part.key, component.name);
  return [
    `### ${component.title}: \`${part.key}=${component.name}\``,
    `${component.description} Source: ${component.source}.`,
    ...formulaBlock(component.formula),
    fields.length === 0 ? 'It has no settings.' : tabulateFields(fields),
  ];
}

function describePart(part: ConfigPart): string[] {
  const own = fieldsOf(part.key, null);
  const isChoice = part.components.length > 0;
  const choice = isChoice ? findSetting(part.key) : null;
  const choose = part.isSet
    ? 'Any of the components below, or none'
    : 'One of the components below';
  return [
    `## ${part.title}`,
    ...(choice === null
      ? []
      : [`${part.description} ${choose}; default: ${String(choice.fallback ?? noComponent)}.`]),
    ...formulaBlock(part.formula),
    ...(own.length === 0 ? [] : [tabulateFields(own)]),
    ...part.components.flatMap((component) => describeComponent(part, component)),
  ];
}

/** The manual of a run's configuration, from its descriptors. */
export const writeConfiguration = (): string =>
  [
    '# The configuration of a run',
    'Everything that determines a run’s numbers, apart from its seed and engine. The keys are those of `train --set KEY=VALUE`, of the form in the window (in links too) and of the columns of the list of runs; a key may be shortened to what stands beside it, or to its end where that is unambiguous. In files and in JSON a configuration is an object with a key for each part below, in which a component is named by `name` (terms of the objective by their key). It carries its version; earlier versions are brought up to date when they are read.',
    '`--set PART=COMPONENT` chooses a component: it comes with its defaults, and keeps the values of fields that the one before it had too. Several values between commas make one run for each, in all combinations; for `objective` they are the terms.',
    ...configParts.flatMap(describePart),
  ].join('\n\n');
