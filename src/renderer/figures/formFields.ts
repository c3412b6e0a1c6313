import type { z } from 'zod';
import { figureSpecJsonSchema } from '../../core/figures/spec.ts';
import type { Template } from '../../core/figures/spec.ts';
import { epochMetrics, isEpochMetric } from '../../core/metrics/epochMetrics.ts';
import { exampleMetrics } from '../../core/metrics/exampleMetrics.ts';
import { axisTitle, capitalTitle } from '../../core/metrics/metric.ts';
import { fontFamilies, venues } from '../../core/figures/style.ts';
import { settingPaths } from '../../core/config/settings.ts';
import { settingTitle } from '../components/run/configDifference.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** How a value is entered. */
export type Control =
  | { kind: 'number'; least: number; most: number; whole: boolean }
  | { kind: 'choice'; choices: readonly string[] }
  | { kind: 'choices'; choices: readonly string[]; most: number }
  | { kind: 'flag' }
  | { kind: 'text'; most: number };

/** One option of a template, read from the schema of its specification. */
export interface OptionField {
  key: string;
  title: string;
  control: Control;
  /** Null where another setting decides. */
  fallback: unknown;
}

/** What the form has pickers of its own for. */
const picked: ReadonlySet<string> = new Set(
  'template style run runs rows example examples epoch epochs'.split(' '),
);
/** The width is entered in one of three ways. */
const widths: ReadonlySet<string> = new Set(['columns', 'widthMm', 'widthPt']);

const titles: Record<string, string> = {
  title: 'Title',
  target: 'Map of',
  note: 'Note in the caption',
  count: 'Images',
  perRow: 'Images per row, at least',
  threshold: 'Confidence threshold',
  metrics: 'Metrics',
  fromEpoch: 'First epoch',
  countScale: 'Axis of images',
  groupSeeds: 'Seeds as one line with a band',
  values: 'Cells',
  bins: 'Bins',
  sweep: 'Swept setting',
  fidelity: 'Fidelity',
  accuracy: 'Accuracy',
  metric: 'Metric',
  methods: 'Methods',
  seed: 'Seed of what is drawn',
  channels: 'Channels',
  images: 'Images of each',
  among: 'Among so many test images',
  rule: 'Rule of relevance',
  venue: 'Venue',
  font: 'Font',
  fontSizePt: 'Font size (pt)',
  lineWidthPt: 'Line width (pt)',
  colorMap: 'Colour map',
  background: 'Background',
  smooth: 'Smooth maps',
  panelLetters: 'Panel letters',
  colorBar: 'Colour bar',
  dpi: 'PNG resolution (dpi)',
  embedFonts: 'Fonts inside the SVG',
};

/** `perRow` -> `Per row`, for a field that has no title yet. */
const spell = (key: string): string => {
  const words = key.replace(/([A-Z])/g, ' $1').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const bound = (value: unknown, fallback: number): number =>
  typeof value === 'number' ? value : fallback;

function readControl(schema: JsonSchema): Control | null {
  const { type, items } = schema;
  if (schema.enum !== undefined) return { kind: 'choice', choices: schema.enum.map(String) };
  if (type === 'boolean') return { kind: 'flag' };
  if (type === 'string') return { kind: 'text', most: schema.maxLength ?? 1000 };
  if (type === 'number' || type === 'integer') {
    const least = schema.minimum ?? bound(schema.exclusiveMinimum, -Infinity);
    const most = schema.maximum ?? bound(schema.exclusiveMaximum, Infinity);
    return { kind: 'number', least, most, whole: type === 'integer' };
  }
  const item = typeof items === 'object' && !Array.isArray(items) ? items : {};
  if (type !== 'array' || item.enum === undefined) return null;
  return { kind: 'choices', choices: item.enum.map(String), most: schema.maxItems ?? Infinity };
}

/** A setting is offered by its path alone, not by the name too that it had before. */
const withoutFormerNames = (key: string, schema: JsonSchema): JsonSchema =>
  key === 'sweep' ? { ...schema, enum: [...settingPaths] } : schema;

function readFields(schema: JsonSchema, left: ReadonlySet<string>): OptionField[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]): OptionField[] => {
    const control = left.has(key)
      ? null
      : readControl(withoutFormerNames(key, property as JsonSchema));
    if (control === null) return [];
    const fallback = (property as JsonSchema).default ?? null;
    return [{ key, title: titles[key] ?? spell(key), control, fallback }];
  });
}

const { anyOf = [] } = figureSpecJsonSchema() as JsonSchema;
const schemas = new Map(
  anyOf.map((schema) => {
    const { properties } = schema;
    return [(properties?.['template'] as JsonSchema).const, schema];
  }),
);
const schemaOf = (template: Template): JsonSchema => schemas.get(template) ?? {};

/** The options of a template besides runs, images, epochs and style, in the schema's order. */
export const optionsOf = (template: Template): OptionField[] =>
  readFields(schemaOf(template), picked);

/** The options of a style besides the width. */
export const styleOptionsOf = (template: Template): OptionField[] =>
  readFields(schemaOf(template).properties?.['style'] as JsonSchema, widths);

/** Whether a template's specification has a field. */
export const hasField = (template: Template, key: string): boolean =>
  schemaOf(template).properties?.[key] !== undefined;

const choiceTitles: Record<string, string> = {
  predicted: 'predicted class',
  counts: 'counts',
  rates: 'rates per label',
  auto: 'automatic',
  log: 'logarithmic',
  'dejavu-sans': 'DejaVu Sans',
  sans: `${fontFamilies.sans.split(',')[0] ?? ''} (as Helvetica)`,
  serif: `${fontFamilies.serif.split(',')[0]?.replaceAll("'", '') ?? ''} (as Times)`,
};

/** A choice of a field as people read it. */
export function titleOfChoice(key: string, choice: string): string {
  if (key === 'venue') return venues[choice as keyof typeof venues].title;
  if (key === 'sweep') return settingTitle(choice);
  if (key === 'metric' && choice in exampleMetrics) {
    return capitalTitle(exampleMetrics[choice as keyof typeof exampleMetrics]);
  }
  if (isEpochMetric(choice)) return axisTitle(epochMetrics[choice]);
  return choiceTitles[choice] ?? choice;
}
