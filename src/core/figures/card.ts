/** A part of a template's icon, in a box of 60 x 38. */
export interface IconShape {
  /** Of an SVG path. */
  d: string;
  /** What it stands for, and so its colour. */
  tone: 'image' | 'map' | 'c' | 'r' | 'axis' | 'faint';
  /** Drawn as a line and not filled. */
  line?: boolean;
}

/** A template as people choose it. */
export interface TemplateCard {
  title: string;
  /** What it shows, in a sentence. */
  text: string;
  /** Whether it draws maps, and so takes a colour map. */
  maps: boolean;
  mostRuns: number;
  /** Its layout in small, in the colours of what it shows. */
  icon: readonly IconShape[];
}

/** As many runs as a figure of several takes. */
export const severalRuns = 200;

export const square = (x: number, y: number, side: number): string =>
  `M${x} ${y}h${side}v${side}h-${side}z`;
export const squares = (xs: readonly number[], y: number, side: number): string =>
  xs.map((x) => square(x, y, side)).join('');
export const bars = (heights: readonly number[], x: number, width: number, gap: number): string =>
  heights.map((h, i) => `M${x + i * (width + gap)} 33v-${h}h${width}v${h}z`).join('');
export const axes: IconShape = { d: 'M6 4v29h48', tone: 'axis', line: true };
