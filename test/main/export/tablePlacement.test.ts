import { describe, expect, it } from 'vitest';
import { pickFields, transpose, type Table } from '../../../src/main/export/table.ts';
import { formatTable } from '../../../src/main/export/tableFormats.ts';
import { arrangeTable, findPlace, placeTable } from '../../../src/main/export/tablePlacement.ts';
import { buildPerformanceTable } from '../../../src/main/export/tables.ts';
import { AfterimageError } from '../../../src/core/errors.ts';
import type { VenueName } from '../../../src/core/figures/style.ts';
import { runLatex } from '../../support/latex.ts';
import { buildRun } from '../../support/reportRuns.ts';
import { sampleTables } from '../../support/sampleTables.ts';
import { needTool, runTool } from '../../support/tools.ts';

const { 'table 1': two, 'table 1 of six runs': six, 'every metric': metrics } = sampleTables;
const auto = (venue: VenueName) => ({ layout: 'auto', venue }) as const;

describe('the layout of a table', () => {
  it('is the narrower one: runs side by side where they are few, below each other where many', () => {
    expect(arrangeTable(two, 'auto').table).toEqual(transpose(two));
    const many = buildPerformanceTable(
      Array.from({ length: 30 }, (_, i) => buildRun({ name: `run ${i}`, seed: i })),
    );
    expect(arrangeTable(many, 'auto').table).toEqual(many);
  });

  it('is the one asked for', () => {
    expect(arrangeTable(two, 'rows').table).toEqual(two);
    expect(arrangeTable(six, 'columns').table).toEqual(transpose(six));
  });
});

describe('a table in a venue', () => {
  it('breaks headings before it takes both columns, and takes them before it is refused', () => {
    expect(placeTable(two, auto('lncs')).headings).toContainEqual(['mnist-c seed 1']);
    const broken = placeTable(six, auto('ieee'));
    expect(broken.headings).toContainEqual(['mnist-c', 'seed 1']);
    expect(broken.fitted?.isAcross).toBe(false);
    const across = placeTable(six, { layout: 'rows', venue: 'ieee' });
    expect(across.fitted?.isAcross).toBe(true);
    expect(formatTable(six, 'tex', { layout: 'rows', venue: 'ieee' })).toContain('\\begin{table*}');
    // A page with one column has no wider one.
    expect(() => placeTable(six, { layout: 'rows', venue: 'lncs' })).toThrow(AfterimageError);
  });

  it('is refused with how much it is too wide and with what fits', () => {
    const place = (table: typeof metrics): unknown =>
      placeTable(table, { layout: 'rows', venue: 'lncs' });
    let refusal: AfterimageError | null = null;
    try {
      place(metrics);
    } catch (error) {
      refusal = error as AfterimageError;
    }
    expect(refusal?.message).toMatch(
      /^The table is \d+ pt too wide for Springer LNCS: \d+ pt of 347 pt\.$/,
    );
    const fields = /--fields ([^)]+)\)/.exec(refusal?.remedy ?? '')?.[1]?.split(',') ?? [];
    // What says the same of both runs goes first.
    expect(fields).toContain('run');
    expect(fields).not.toContain('dataset');
    expect(place(pickFields(metrics, fields))).toMatchObject({ fitted: { isAcross: false } });
    const [, wide, room] = /(\d+) pt of (\d+) pt/.exec(refusal?.message ?? '') ?? [];
    expect(refusal?.message).toContain(`${Number(wide) - Number(room)} pt too wide`);
  });

  it('has no place where names are too long for any', () => {
    const long = buildPerformanceTable(
      ['a', 'b'].map((name) => buildRun({ name: name.repeat(80) })),
    );
    expect(findPlace(long, auto('lncs'))).toBeNull();
    expect(findPlace(two, auto('lncs'))).toEqual(placeTable(two, auto('lncs')));
  });

  it('asks for fewer rows where no choice of fields would do', () => {
    const many = buildPerformanceTable(
      Array.from({ length: 40 }, (_, i) => buildRun({ name: `run number ${i}`, seed: i })),
    );
    expect(() => placeTable(many, { layout: 'columns', venue: 'lncs' })).toThrow(
      expect.objectContaining({ remedy: 'Show fewer than 40 rows in one table.' }) as Error,
    );
  });
});

/** Documents as wide as the venues', in the fonts of their classes. */
const documents = {
  lncs: ['\\documentclass{article}', '\\setlength{\\textwidth}{122mm}'],
  ieee: [
    '\\documentclass[twocolumn]{article}',
    '\\usepackage{times}',
    '\\setlength{\\textwidth}{516pt}',
    '\\setlength{\\columnsep}{12pt}',
  ],
  neurips: ['\\documentclass{article}', '\\usepackage{times}', '\\setlength{\\textwidth}{5.5in}'],
};

/** The table, or null where it is refused. */
function setTable(table: Table, venue: VenueName): string | null {
  try {
    return formatTable(table, 'tex', auto(venue));
  } catch (error) {
    if (error instanceof AfterimageError) return null;
    throw error;
  }
}

describe('a table that LaTeX sets', () => {
  for (const [venue, preamble] of Object.entries(documents) as [VenueName, string[]][]) {
    it(`does not stick out of its column: ${venue}`, (context) => {
      needTool(context, 'pdflatex');
      needTool(context, 'pdffonts');
      const set = Object.values(sampleTables).flatMap((table) => setTable(table, venue) ?? []);
      expect(set.length).toBeGreaterThan(3);
      const { log, pdf } = runLatex(preamble, set);
      expect(log).not.toContain('Overfull');
      // Venues refuse bitmaps.
      expect(runTool('pdffonts', [pdf])).not.toContain('Type 3');
      // The document itself is one that would tell.
      expect(runLatex(preamble, ['\\noindent\\rule{600pt}{1pt}']).log).toContain('Overfull');
    });
  }
});
