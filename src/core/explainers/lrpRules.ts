import { z } from 'zod';
import { field } from '../config/fields.ts';

/** How relevance is handed back through convolutions and dense layers. */
export const lrpRules = ['composite', 'epsilon', 'z-plus'] as const;
export type LrpRule = (typeof lrpRules)[number];

export const rule = () =>
  field(z.enum(lrpRules), 'composite', {
    title: 'Rule',
    description:
      'epsilon: in proportion to each input’s part of the sum; z-plus: of the positive parts alone; composite: z-plus for convolutions, epsilon for dense layers.',
  });
