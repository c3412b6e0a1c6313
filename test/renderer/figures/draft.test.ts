import { describe, expect, it } from 'vitest';
import {
  checkDraft,
  draftParam,
  examplesOf,
  rowsOf,
  runsOf,
  toDraft,
  withField,
  withStyle,
} from '../../../src/renderer/figures/draft.ts';
import type { FigureDraft } from '../../../src/renderer/figures/draft.ts';

const evolution: FigureDraft = {
  template: 'cam-evolution',
  rows: [
    { run: 'a', example: 4 },
    { run: 'b', example: 4 },
    { run: 'a', example: 9 },
  ],
};

describe('a draft', () => {
  it('is the same after its way through the URL', () => {
    expect(draftParam.parse(draftParam.format(evolution))).toEqual(evolution);
    expect(draftParam.format(null)).toBeNull();
  });

  it.each(['', 'null', '[]', '{"template":"pie"}', '{"template":', '"cam-pair"'])(
    'is none where the URL says %s',
    (text) => {
      expect(draftParam.parse(text)).toBeNull();
    },
  );

  it('names its runs and images once each, wherever they stand', () => {
    expect(runsOf(evolution)).toEqual(['a', 'b']);
    expect(examplesOf(evolution)).toEqual([4, 9]);
    expect(runsOf({ template: 'cam-pair', run: 'x', example: 3 })).toEqual(['x']);
    expect(examplesOf({ template: 'paradigm-grid', runs: ['x', 'y'], examples: [1, 2] })).toEqual([
      1, 2,
    ]);
  });

  it('gives no row that is none', () => {
    const rows = [{ run: 'a', example: 1 }, { run: 'a' }, null, 'row', { run: 3, example: 1 }];
    expect(rowsOf({ template: 'cam-evolution', rows })).toEqual([{ run: 'a', example: 1 }]);
    expect(rowsOf({ template: 'cam-evolution', rows: 'all' })).toEqual([]);
  });

  it('changes by copies, and forgets what is set back', () => {
    const pair = toDraft({ template: 'cam-pair', run: 'x', example: 3 });
    if (pair === null) throw new Error('no draft');
    const styled = withStyle(withField(pair, 'note', 'n'), { venue: 'acm', dpi: 300 });
    expect(styled).toEqual({ ...pair, note: 'n', style: { venue: 'acm', dpi: 300 } });
    const back = withStyle(withField(styled, 'note', undefined), {
      venue: undefined,
      dpi: undefined,
    });
    expect(back).toEqual(pair);
    expect(pair).toEqual({ template: 'cam-pair', run: 'x', example: 3 });
  });

  it('is checked by the schema of its template, in words', () => {
    expect(checkDraft(evolution)).toMatchObject({ spec: { target: 'predicted' }, error: null });
    expect(checkDraft(withStyle(evolution, { fontSizePt: 1 }))).toMatchObject({
      spec: null,
      error: { code: 'INVALID_ARGUMENT', message: expect.stringContaining('fontSizePt') as string },
    });
    expect(checkDraft({ template: 'cam-pair', run: 'x' }).error?.message).toContain('"example"');
  });
});
