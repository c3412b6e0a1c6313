import { availableParallelism } from 'node:os';
import type { EngineStatus } from '../../shared/contract.ts';
import type { WorkbenchEvent } from '../../shared/events.ts';
import type { EngineName } from '../../core/records.ts';
import { doctor } from '../engines/doctor.ts';
import { installEngine } from '../engines/install.ts';
import { engineStatus, removeEngine } from '../engines/layout.ts';
import { canShareMemory } from '../platform/threads.ts';
import { streamTask } from '../platform/longTask.ts';
import type { WorkbenchApi } from '../router.ts';

/** Why an engine has but one thread on this machine; empty where it has as many as there are cores. */
const oneThreadReason = (name: EngineName): string =>
  name === 'native' || canShareMemory
    ? ''
    : 'One thread: this Node has no SharedArrayBuffer, without which threads share no memory.';

/** Both engines: native is the default where it is installed. */
export async function listEngines(dataDir: string): Promise<EngineStatus[]> {
  const found = await engineStatus(dataDir);
  const nativeAvailable = found.some(({ name, available }) => name === 'native' && available);
  return found.map(({ name, available, reason, manifest }) => ({
    name,
    available,
    isDefault: name === (nativeAvailable ? 'native' : 'wasm'),
    reason: reason ?? '',
    info: available
      ? {
          name,
          device: manifest?.gpu === true ? 'gpu' : 'cpu',
          threads: oneThreadReason(name) === '' ? availableParallelism() : 1,
          deterministic: manifest?.gpu !== true,
          versions: manifest ? { tensorflow: manifest.tensorflow, ...manifest.versions } : {},
        }
      : null,
  }));
}

/** The engine of runs that ask for none, as far as what is installed tells. */
export const usualEngine = async (dataDir: string): Promise<EngineName> =>
  (await listEngines(dataDir)).find(({ isDefault }) => isDefault)?.name ?? 'wasm';

export interface ChosenEngine {
  name: EngineName;
  /** Why it is not the native one, in a line; null where it is. */
  reason: string | null;
}

/**
 * Which engine trains where none was asked for: the native one if it is installed and passes its
 * test, else the embedded one. The test takes seconds, so its result is kept until `forget`.
 */
export class EngineChoice {
  readonly #dataDir: string;
  #chosen: Promise<ChosenEngine> | undefined;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  get(): Promise<ChosenEngine> {
    this.#chosen ??= this.#choose();
    return this.#chosen;
  }

  forget(): void {
    this.#chosen = undefined;
  }

  async #choose(): Promise<ChosenEngine> {
    const native = (await listEngines(this.#dataDir)).find(({ name }) => name === 'native');
    if (native?.available !== true) return { name: 'wasm', reason: native?.reason ?? '' };
    const { problem } = await doctor({ dataDir: this.#dataDir });
    if (problem === null) return { name: 'native', reason: null };
    return { name: 'wasm', reason: `${problem.message} ${problem.remedy}` };
  }
}

export function buildEnginesApi(
  dataDir: string,
  choice: EngineChoice,
  publish: (event: WorkbenchEvent) => void,
): WorkbenchApi['engines'] {
  const listAfterChange = async (): Promise<EngineStatus[]> => {
    choice.forget();
    publish({ type: 'engines' });
    return listEngines(dataDir);
  };
  return {
    status: () => listEngines(dataDir),
    install: ({ gpu }, { signal }) =>
      streamTask(async (onProgress, ending) => {
        await installEngine({
          dataDir,
          gpu: gpu ?? undefined,
          signal: ending,
          onProgress,
          onMessage: (line) => {
            onProgress({ step: line, done: 0, total: null });
          },
        });
        return listAfterChange();
      }, signal),
    remove: async () => {
      await removeEngine(dataDir);
      return listAfterChange();
    },
  };
}
