/** Parts of a message in their order; code is what stood between back-ticks, which are left out. */
export const splitCode = (text: string): { text: string; isCode: boolean }[] =>
  text
    .split(/`([^`]+)`/)
    .map((part, i) => ({ text: part, isCode: i % 2 === 1 }))
    .filter((part) => part.text !== '');

/** The message where there is no type to tell code by, as in a tooltip. */
export const withoutTicks = (text: string): string =>
  splitCode(text)
    .map((part) => part.text)
    .join('');
