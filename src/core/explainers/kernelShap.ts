import { explainer } from './explainer.ts';
import { segmentFields } from './segmentFields.ts';

export const kernelShap = explainer({
  family: 'perturbation',
  title: 'Kernel SHAP',
  description:
    'The Shapley value of each segment: its mean contribution over all orders of switching segments on. Exact where all combinations are no more than `samples`, else estimated from pairs of a combination and its complement. The values add up to what the image’s score has over the baseline’s.',
  formula:
    'argmin_φ Σ_z k(z) (s(z) − s(0) − φ · z)² with Σφ = s(1) − s(0), k(z) = (n − 1) / (C(n, |z|) |z| (n − |z|))',
  source: 'Lundberg and Lee, A Unified Approach to Interpreting Model Predictions (2017)',
  signed: true,
  random: true,
  cost: '2 passes forward, and up to `samples`',
  fields: segmentFields(2000, 'logit'),
  passes: (options) => options.samples + 2,
});
