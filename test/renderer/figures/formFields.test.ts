import { describe, expect, it } from 'vitest';
import {
  hasField,
  optionsOf,
  styleOptionsOf,
  titleOfChoice,
} from '../../../src/renderer/figures/formFields.ts';
import { parseFigureSpec, templates } from '../../../src/core/figures/spec.ts';

const optionOf = (template: (typeof templates)[number], key: string) =>
  [...optionsOf(template), ...styleOptionsOf(template)].find((field) => field.key === key);

describe('the form of a template', () => {
  it('reads ranges, choices and defaults from the schema', () => {
    expect(optionOf('confidence-histogram', 'threshold')?.control).toEqual({
      kind: 'number',
      least: 0,
      most: 1,
      whole: false,
    });
    expect(optionOf('reliability-diagram', 'bins')).toMatchObject({
      control: { kind: 'number', least: 2, most: 100, whole: true },
      fallback: 15,
    });
    expect(optionOf('confusion-matrix', 'values')).toMatchObject({
      control: { kind: 'choice', choices: ['counts', 'rates'] },
      fallback: 'counts',
    });
    expect(optionOf('training-curves', 'metrics')?.control).toMatchObject({ kind: 'choices' });
    expect(optionOf('training-curves', 'groupSeeds')).toMatchObject({
      control: { kind: 'flag' },
      fallback: true,
    });
    expect(optionOf('cam-pair', 'font')?.fallback).toBeNull();
  });

  it('knows which templates have which data', () => {
    expect(templates.filter((template) => hasField(template, 'rows'))).toEqual(['cam-evolution']);
    expect(hasField('paradigm-grid', 'examples')).toBe(true);
    expect(hasField('training-curves', 'epoch')).toBe(false);
  });

  it.each(templates)(
    'of %s offers nothing that the schema refuses, and has words for all',
    (template) => {
      const base = {
        template,
        ...(hasField(template, 'run') && { run: 'r' }),
        ...(hasField(template, 'runs') && { runs: ['r', 's'] }),
        ...(hasField(template, 'example') && { example: 1 }),
        ...(hasField(template, 'examples') && { examples: [1] }),
        ...(hasField(template, 'rows') && { rows: [{ run: 'r', example: 1 }] }),
      };
      const listed = [
        ...optionsOf(template).map((field) => ({ field, top: true })),
        ...styleOptionsOf(template).map((field) => ({ field, top: false })),
      ];
      for (const { field, top } of listed) {
        const { control, key } = field;
        const choices =
          control.kind === 'choice' || control.kind === 'choices' ? control.choices : [];
        expect(field.title).not.toBe('');
        for (const choice of choices) {
          expect(titleOfChoice(key, choice)).not.toBe('');
          const value = control.kind === 'choices' ? [choice] : choice;
          const spec = top ? { ...base, [key]: value } : { ...base, style: { [key]: value } };
          expect(() => parseFigureSpec(spec)).not.toThrow();
        }
      }
    },
  );
});
