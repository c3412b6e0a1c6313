import type { AfterEpoch, AdjustedNetwork } from './model/afterEpoch.ts';
import { flattenParameters, nameParameters } from './model/parameters.ts';
import type { TrainingSession } from './session.ts';

/** The parameters and statistics that a session trains, by name. */
function openWeights(
  session: TrainingSession,
): Pick<AdjustedNetwork, 'readWeights' | 'writeWeights'> {
  const { parameters, statistics } = session.model;
  const specs = [parameters, statistics];
  const readWeights = () => {
    const vectors = session.readState();
    const named = specs.map((list, i) => nameParameters(vectors[i] as Float32Array, list));
    return Object.assign({}, ...named) as ReturnType<AdjustedNetwork['readWeights']>;
  };
  return {
    readWeights,
    writeWeights: (changed) => {
      const all = { ...readWeights(), ...changed };
      const rest = session.readState().slice(specs.length);
      session.writeState([...specs.map((list) => flattenParameters(all, list)), ...rest]);
    },
  };
}

/**
 * Lets a model do what it does after an epoch's steps. Where that is ended before it is through, as a
 * pause does, the session has the state from before, and it can begin anew.
 *
 * @param images indices of the training images that it learns from
 */
export async function adjustNetwork(
  session: TrainingSession,
  afterEpoch: AfterEpoch,
  { epoch, images }: { epoch: number; images: Uint32Array },
  progress: AdjustedNetwork['progress'],
): Promise<void> {
  const before = session.readState();
  try {
    await afterEpoch.run({
      ...{ epoch, images, progress, classes: session.model.classes },
      ...openWeights(session),
      labels: session.labelsOf(images),
      outputsOf: (layer, indices) => session.outputsOf(layer, indices),
    });
  } catch (error) {
    session.writeState(before);
    throw error;
  }
}
