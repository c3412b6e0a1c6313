import { explainers, type ExplainerName } from './registry.ts';

/** What methods go by where there is little room, and their titles do not fit. */
const shortTitles: Partial<Record<ExplainerName, string>> = {
  ablationcam: 'Ablation',
  'gradient-x-input': 'Grad × input',
  smoothgrad: 'SmoothGrad',
  'integrated-gradients': 'Int. grad.',
  'gradient-shap': 'Grad. SHAP',
  'kernel-shap': 'KernelSHAP',
};

export const shortTitleOf = (name: ExplainerName): string =>
  shortTitles[name] ?? explainers[name].title;
