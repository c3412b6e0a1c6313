import type { TermName } from './objectives/registry.ts';
import { runConfigSchema, type RunConfig } from './runConfig.ts';
import { changeSetting } from './settingValues.ts';

/** The paper's settings on MNIST under paradigm C, which are the defaults. */
const paper = runConfigSchema.parse({});
const fashion: RunConfig = {
  ...paper,
  data: { ...paper.data, dataset: 'fashion-mnist', testFraction: 0.15 },
};

const withTerm = (config: RunConfig, term: TermName): RunConfig =>
  changeSetting(config, 'objective', term);

export const presets = {
  'mnist-c': paper,
  'mnist-r': withTerm(paper, 'contrastive'),
  'fashion-c': fashion,
  'fashion-r': withTerm(fashion, 'contrastive'),
  // What explanations look like where there was nothing to learn; its validation loss only grows.
  'mnist-c-permuted': {
    ...paper,
    data: { ...paper.data, permuteLabels: 'training' },
    training: { ...paper.training, patience: null },
  },
  // What the paper's outlook names.
  'mnist-triplet': withTerm(paper, 'triplet'),
  'mnist-variational': withTerm(paper, 'variational'),
  'mnist-ssim': withTerm(paper, 'ssim'),
  'mnist-prototype': withTerm(paper, 'prototype'),
  'mnist-protopnet': changeSetting(paper, 'model', 'protopnet'),
} satisfies Record<string, RunConfig>;

export type PresetName = keyof typeof presets;
export const presetNames = Object.keys(presets) as PresetName[];
