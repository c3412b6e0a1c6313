/** A workbench with one large run of each paradigm, for bench/scrub.ts. */
import { serveWorkbench } from '../src/main/serve.ts';
import { decodeSafetensors, encodeSafetensors } from '../src/shared/safetensors.ts';
import { bestEpochOf, fakeEpoch } from '../test/support/fakeRuns.ts';
import { createFakeWorkbench } from '../test/support/fakeWorkbench.ts';

export interface LargeRun {
  examples: number;
  epochs: number;
}

export interface ServedRuns {
  /** Carries the token: to be opened first. */
  url: string;
  runC: string;
  runR: string;
  /** Makes the files that will be asked for, so that making them is not part of what is measured. */
  prepare: (runId: string, epochs: number[], exampleIds: number[]) => Promise<void>;
  close: () => Promise<void>;
}

const join = (runId: string, index: number): string => `${runId}/${String(index)}`;

/** Serves the built renderer over runs whose files are made once. */
export async function serveLargeRuns(
  rendererDir: string,
  { examples, epochs }: LargeRun,
): Promise<ServedRuns> {
  const fake = createFakeWorkbench({ runs: 30 });
  const grow = (runId: string): string => {
    const run = fake.runs.get(runId);
    if (run === undefined) throw new Error(`The fake has no ${runId}.`);
    const metrics = Array.from({ length: epochs }, (_, epoch) => fakeEpoch(run.config, 7, epoch));
    const config = { ...run.config, testExamples: examples };
    fake.runs.set(runId, { ...run, config, epochs: metrics, bestEpoch: bestEpochOf(metrics) });
    return runId;
  };
  const [runC, runR] = [grow('run-0014'), grow('run-0013')];

  const made = new Map<string, Blob>();
  const { epoch, history } = fake.api.examples;
  const { images } = fake.api.datasets;
  const pixels = new Map<number, Uint8Array>();
  fake.api.examples.epoch = async (input, options) =>
    made.get(`epoch ${join(input.runId, input.epoch)}`) ?? (await epoch(input, options));
  fake.api.examples.history = async (input, options) =>
    made.get(`history ${join(input.runId, input.exampleId)}`) ?? (await history(input, options));
  fake.api.datasets.images = async (input, options) => {
    const missing = input.indices.filter((index) => !pixels.has(index));
    if (missing.length > 0) await draw(missing, options);
    return packImages(input.indices, pixels);
  };

  async function draw(indices: number[], options: Parameters<typeof images>[1]): Promise<void> {
    const file = await images({ dataset: 'mnist', split: 'test', indices }, options);
    const drawn = decodeSafetensors(new Uint8Array(await file.arrayBuffer()), 'images');
    const values = drawn.tensors['images']?.values as Uint8Array;
    indices.forEach((index, i) => pixels.set(index, values.slice(i * 784, (i + 1) * 784)));
  }

  const { url, close } = await serveWorkbench({
    api: fake.api,
    port: 0,
    rendererDir,
    version: 'bench',
  });
  return {
    url,
    close,
    runC,
    runR,
    prepare: async (runId, wanted, exampleIds) => {
      const options = {};
      await draw(
        Array.from({ length: examples }, (_, id) => id).filter((id) => !pixels.has(id)),
        options,
      );
      for (const number of wanted) {
        made.set(`epoch ${join(runId, number)}`, await epoch({ runId, epoch: number }, options));
      }
      for (const exampleId of exampleIds) {
        made.set(`history ${join(runId, exampleId)}`, await history({ runId, exampleId }, options));
      }
    },
  };
}

function packImages(indices: readonly number[], pixels: ReadonlyMap<number, Uint8Array>): Blob {
  const values = new Uint8Array(indices.length * 784);
  indices.forEach((index, i) => {
    values.set(pixels.get(index) ?? new Uint8Array(784), i * 784);
  });
  const tensors = {
    images: { shape: [indices.length, 28, 28], values },
    labels: { shape: [indices.length], values: new Uint8Array(indices.length) },
  };
  return new Blob([encodeSafetensors({ tensors, metadata: {} }) as Uint8Array<ArrayBuffer>]);
}
