import { encodeSafetensors } from '../../src/core/formats/safetensors.ts';
import type { Network } from '../../src/core/models/network.ts';
import { Random } from '../../src/core/random.ts';
import { initializeParameters, nameParameters } from '../../src/main/learning/model/parameters.ts';

/** A network that nobody trained, as an epoch's file. */
export function makeUntrainedWeights(model: Network, seed: number): Uint8Array {
  const random = Random.fromSeed(seed);
  const tensors = Object.assign(
    {},
    ...[model.parameters, model.statistics].map((specs) =>
      nameParameters(initializeParameters(specs, random), specs),
    ),
  ) as ReturnType<typeof nameParameters>;
  return encodeSafetensors({ tensors, metadata: {} });
}
