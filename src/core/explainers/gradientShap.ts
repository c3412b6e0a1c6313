import { explainer } from './explainer.ts';
import { samples } from './optionFields.ts';

export const gradientShap = explainer({
  family: 'gradient',
  title: 'Gradient SHAP',
  description:
    'Integrated gradients from 32 training images in place of one baseline, each sample at a point drawn at random on the way: the map adds up, within the draws’ error, to what the image’s logit has over the baselines’ mean.',
  formula: 'mean of (x − b) ∘ ∂y/∂x at b + t (x − b), b a training image, t uniform in [0, 1]',
  source: 'Lundberg and Lee (2017); Erion et al., Expected Gradients (2021)',
  signed: true,
  random: true,
  cost: '`samples` passes forward and back',
  fields: { samples: samples(200, 'points') },
  passes: (options) => options.samples,
});
