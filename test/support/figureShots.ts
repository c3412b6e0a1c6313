/** The figure view as a picture shows it. */
import type { Page } from 'playwright-core';
import { templates, type Template } from '../../src/core/figures/spec.ts';
import type { Shot } from './shots.ts';

/** What each template is shown with; the rest is left to its defaults. */
const [c, r] = ['run-0014', 'run-0013'];
const figureFields: Record<Template, Record<string, unknown>> = {
  'cam-pair': { run: r, example: 13 },
  'cam-evolution': {
    rows: [
      { run: c, example: 13 },
      { run: r, example: 13 },
    ],
    epochs: [0, 1, 2, 4, 8, 11],
  },
  'paradigm-grid': { runs: [c, r], examples: [13, 21, 34, 55] },
  'low-confidence-grid': { run: r },
  'misclassified-grid': { run: r },
  'explainer-grid': { run: r, examples: [13, 21] },
  'concept-atlas': { run: r },
  'training-curves': { runs: [c, r] },
  'confusion-matrix': { run: r },
  'reliability-diagram': { runs: [c, r] },
  'confidence-histogram': { runs: [c, r] },
  'accuracy-fidelity': { runs: [c, r, 'run-0005'] },
  'metric-distribution': { runs: [c, r] },
  'sanity-cascade': { runs: [c, r] },
  'deletion-insertion': { runs: [c, r] },
  'method-agreement': { runs: [c, r] },
};
const longRuns = ['run-0021', c, r];

const figurePath = (template: Template, fields: Record<string, unknown> = {}): string =>
  `/figures?spec=${encodeURIComponent(JSON.stringify({ template, ...figureFields[template], ...fields }))}`;

export const figureShots: readonly Shot[] = [
  { name: 'figures-0-first-start', path: '/figures', runs: 0 },
  { name: 'figures-start', path: '/figures' },
  { name: 'figures-saved', path: '/figures', prepare: saveFigures },
  ...templates.map((template) => ({
    name: `figures-template-${template}`,
    path: figurePath(template),
  })),
  { name: 'figures-examples', path: figurePath('cam-pair'), prepare: openExamplePicker },
  { name: 'figures-long-name', path: figurePath('training-curves', { runs: longRuns }) },
  { name: 'figures-error', path: figurePath('cam-evolution', { style: { widthMm: 20 } }) },
  { name: 'figures-run-gone', path: figurePath('confusion-matrix', { run: 'run-9999' }) },
  { name: 'figures-menu', path: figurePath('cam-pair'), prepare: openExport },
];

async function openExamplePicker(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Another image' }).click();
  await page
    .getByRole('button', { name: /^Test image \d+/ })
    .first()
    .waitFor();
}

async function openExport(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Export' }).click();
}

/** Some figures of kinds, one with a long name. */
async function saveFigures(page: Page): Promise<void> {
  const start = page.url();
  for (const template of ['cam-evolution', 'training-curves', 'confidence-histogram'] as const) {
    await page.goto(new URL(figurePath(template), start).href);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/^Saved “/).waitFor();
  }
  await page.goto(new URL(figurePath('confusion-matrix', { run: 'run-0021' }), start).href);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText(/^Saved “/).waitFor();
  await page.goto(new URL('/figures', start).href);
  await page.getByRole('img', { name: /^Confusion/ }).waitFor();
}
