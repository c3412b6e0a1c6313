/**
 * Makes the effect or computed value around it run again when one of these changes, which it reads
 * only in ways that Vue cannot see: design tokens by the theme, pixels that arrived by their count.
 * Returns how many they are.
 */
export const dependOn = (...values: unknown[]): number => values.length;
