/** `0.042`, or `<0.001`: a smaller one says no more, and no bootstrap knows it better. */
export const printP = (pValue: number): string => (pValue < 0.001 ? '<0.001' : pValue.toFixed(3));
