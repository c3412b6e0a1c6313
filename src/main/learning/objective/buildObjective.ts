import type { Paradigm, RunConfig } from '../../../core/config/runConfig.ts';
import type { Ops } from '../engine/ops.ts';
import { contrastiveCamObjective } from './contrastiveCam.ts';
import { crossEntropyObjective } from './crossEntropy.ts';
import type { Objective } from './objective.ts';
import { pairingRules } from './pairing.ts';

const builders: Readonly<Record<Paradigm, (ops: Ops, config: RunConfig) => Objective>> = {
  C: () => crossEntropyObjective,
  R: (ops, config) => contrastiveCamObjective(ops, config, pairingRules[config.pairing]),
};

export const buildObjective = (ops: Ops, config: RunConfig): Objective =>
  builders[config.paradigm](ops, config);
