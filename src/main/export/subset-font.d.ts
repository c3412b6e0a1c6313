/** What is used of it; the types that others publish do not know all of that. */
declare module 'subset-font' {
  /**
   * Harfbuzz's subset of a TrueType or WOFF2 font. Calls are made one after the other.
   *
   * @param text has the characters to keep; empty where all glyphs stay
   */
  const subsetFont: (
    font: Buffer,
    text: string,
    options: {
      targetFormat: 'truetype' | 'woff2';
      /** Axes of a variable font that are set to one value. */
      variationAxes?: Record<string, number>;
      keepAllGlyphs?: boolean;
    },
  ) => Promise<Buffer>;
  export = subsetFont;
}
