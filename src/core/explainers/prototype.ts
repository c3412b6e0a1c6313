import { z } from 'zod';
import { field } from '../config/fields.ts';
import { explainer } from './explainer.ts';

export const prototype = explainer({
  family: 'cam',
  title: 'Prototype',
  description:
    'Where the image is like a prototype of the class, which is a part of a training image. For networks that have prototypes.',
  formula: 'ln((d + 1) / (d + 10⁻⁴)), d the squared distance of a patch to the prototype',
  source: 'Chen et al., This Looks Like That (2019)',
  signed: false,
  random: false,
  cost: '1 pass forward',
  needs: 'prototypes',
  fields: {
    prototype: field(z.number().int().min(1).max(100).nullable(), null, {
      title: 'Prototype',
      description: 'Of the class, from 1 on.',
      nullMeans: 'the one that the image is most like',
    }),
  },
  passes: () => 1,
});
