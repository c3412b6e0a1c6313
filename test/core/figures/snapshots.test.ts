import { describe, expect, it } from 'vitest';
import { templates, type Template } from '../../../src/core/figures/spec.ts';
import { formatCsv } from '../../../src/main/export/figureBuild.ts';
import { writeSvg } from '../../../src/core/figures/drawing/svg.ts';
import { buildOptions, figureData } from '../../support/figureData.ts';
import { bindFigure } from '../../support/figures.ts';

const bind = (template: Template) => bindFigure(template, figureData[template]);

const draw = (template: Template, style: object = {}): string =>
  writeSvg(bind(template).draw(buildOptions(template, style)));

/** One element per line, so that a difference can be read. */
const toLines = (svg: string): string => svg.replaceAll('><', '>\n<');

describe.each(templates)('%s', (template) => {
  it('is drawn as before', async () => {
    await expect(toLines(draw(template))).toMatchFileSnapshot(`./snapshots/${template}.svg`);
  });

  it('is described and tabulated as before', async () => {
    const { caption, table } = bind(template);
    const text = `${caption}\n\n${formatCsv(table).replaceAll('\r', '')}`;
    await expect(text).toMatchFileSnapshot(`./snapshots/${template}.txt`);
  });

  it('is the same drawing twice', () => {
    expect(draw(template)).toBe(draw(template));
  });

  it('has rows as long as its header', () => {
    const { columns, rows } = bind(template).table;
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toHaveLength(columns.length);
  });
});
