import { noComponent, setJoint, type Setting } from './settings.ts';

/** The values that a setting takes, in words: `a number, above 0 to 10`. */
export function describeRange(setting: Setting): string {
  const range = describeValues(setting);
  return setting.nullable ? `${range}, or none` : range;
}

/** More choices than this are no help in a line, nor side by side in a form. */
export const mostChoices = 16;

/** `one of a, b`, or of many how many and a few. */
export const describeChoices = (choices: readonly string[]): string =>
  choices.length <= mostChoices
    ? `one of ${choices.join(', ')}`
    : `one of ${choices.length}, among them ${choices.slice(0, 3).join(', ')} and ${choices.at(-1) ?? ''}`;

function describeValues(setting: Setting): string {
  if (setting.kind === 'choice') return describeChoices(setting.choices);
  if (setting.kind === 'set') {
    return `${noComponent}, ${setting.members.join(', ')}, or several with ${setJoint} between them`;
  }
  if (setting.kind === 'text') return 'a text';
  const { minimum, maximum, excludesMinimum, excludesMaximum } = setting.range;
  const kind = setting.kind === 'integer' ? 'a whole number' : 'a number';
  return `${kind}, ${excludesMinimum ? 'above ' : ''}${minimum} to ${excludesMaximum ? 'below ' : ''}${maximum}`;
}
