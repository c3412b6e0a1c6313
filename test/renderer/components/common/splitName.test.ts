import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitName } from '../../../../src/renderer/components/common/splitName.ts';

it('leaves a short name whole', () => {
  expect(splitName('mnist-r seed 3')).toEqual({ head: 'mnist-r seed 3', tail: '' });
});

it('keeps what tells the runs of a sweep apart, from a whole word on', () => {
  expect(splitName('lambda sweep on mnist contrastive.weight 0.1 seed 2')).toEqual({
    head: 'lambda sweep on mnist contrastive.',
    tail: 'weight 0.1 seed 2',
  });
});

it('cuts a word that has no boundary, and no letter', () => {
  const flags = '🇩🇪'.repeat(30);
  expect(splitName(flags)).toEqual({ head: '🇩🇪'.repeat(12), tail: '🇩🇪'.repeat(18) });
});

it('does not begin a tail inside an Arabic word', () => {
  expect(splitName('تجربة الخريطة الثقيلة للبذرة رقم ثلاثة').tail).toBe('للبذرة رقم ثلاثة');
});

it('loses nothing of any name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (name) => {
      const { head, tail } = splitName(name);
      expect(head + tail).toBe(name);
    }),
  );
});
