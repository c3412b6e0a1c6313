import { computed, ref, watch } from 'vue';
import type { Ref } from 'vue';
import { buildWeightsConfig } from '../../../core/config/weightsConfig.ts';
import type { RunConfig } from '../../../core/config/runConfig.ts';
import {
  adoptWeights,
  listForeignLayers,
  listWeightLayers,
} from '../../../core/formats/foreignWeights.ts';
import type { AdoptedWeights, ForeignFile } from '../../../core/formats/foreignWeights.ts';
import { decodeSafetensors } from '../../../core/formats/safetensors.ts';
import { describeModel, type ModelName } from '../../../core/models/network.ts';
import { AfterimageError } from '../../../core/errors.ts';
import { useLatest } from '../../composables/useLatest.ts';
import { toUserError } from '../../composables/userError.ts';
import type { UserError } from '../../composables/userError.ts';
import { useDatasetsStore } from '../../stores/datasets.ts';

/** Larger files are looked at by the workbench alone, when they are there: 256 MiB. */
const mostBytesRead = 2 ** 28;
/** For the names of layers while a data set's images are not known: they depend on the model alone. */
const usualImages = { imageSize: 28, channels: 1, classNames: new Array<string>(10).fill('') };

async function readFile(file: File): Promise<ForeignFile> {
  const others = new Map<string, string>();
  if (file.size > mostBytesRead) return { name: file.name, tensors: {}, others };
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { tensors } = decodeSafetensors(bytes, file.name, { others });
  return { name: file.name, tensors, others };
}

type Tried<T> = { value: T; error: null } | { value: null; error: UserError };

/** What comes of a computation that may refuse what was typed. */
function attempt<T>(work: () => T): Tried<T> {
  try {
    return { value: work(), error: null };
  } catch (error) {
    if (!(error instanceof AfterimageError || error instanceof RangeError)) throw error;
    return { value: null, error: toUserError(error) };
  }
}

/** What a file holds, read anew for each. */
function useContent(file: Readonly<Ref<File | undefined>>, onChange: () => void) {
  const content = useLatest((_, wanted: File) => readFile(wanted));
  watch(
    file,
    (wanted) => {
      content.clear();
      onChange();
      if (wanted !== undefined) void content.load(wanted);
    },
    { immediate: true },
  );
  return content;
}

/** The choices that make a run of a file of weights, and what would come of them, before it is sent. */
export function useForeignWeights(file: Readonly<Ref<File | undefined>>) {
  const datasets = useDatasetsStore();
  const model = ref<ModelName>('paper-cnn');
  const dataset = ref('mnist');
  const settings = ref('');
  const epsilon = ref<number | ''>('');
  const given = ref<Record<string, string>>({});
  const content = useContent(file, () => (given.value = {}));
  const record = computed(() => datasets.datasetOf(dataset.value));
  const config = computed(() =>
    attempt((): RunConfig =>
      buildWeightsConfig({
        ...{ model: model.value, dataset: dataset.value },
        settings: settings.value.split(/\s+/).filter(Boolean),
      }),
    ),
  );
  const network = computed(() => {
    const { value } = config.value;
    if (value === null) return config.value;
    const images = record.value ?? usualImages;
    return attempt(() => describeModel(value.model, images, images.classNames.length));
  });
  const layers = computed(() =>
    network.value.value === null ? [] : listWeightLayers(network.value.value),
  );
  const names = computed(() =>
    Object.fromEntries(
      layers.value
        .map((layer): [string, string] => [layer, (given.value[layer] ?? '').trim()])
        .filter(([, name]) => name !== ''),
    ),
  );
  const choices = computed(() => ({
    names: names.value,
    epsilon: epsilon.value === '' ? null : epsilon.value,
  }));
  /** What the weights are taken for; null where that is known only when the workbench has them. */
  const found = computed((): Tried<AdoptedWeights | null> => {
    if (network.value.value === null) return network.value;
    const [{ value }, foreign] = [network.value, content.value.value];
    const isKnown = foreign !== undefined && (file.value?.size ?? 0) <= mostBytesRead;
    if (!isKnown || record.value === undefined) return { value: null, error: null };
    return attempt(() => adoptWeights(foreign, value, choices.value));
  });
  const problem = computed(() => content.error.value ?? config.value.error ?? found.value.error);
  const foreignLayers = computed(() =>
    content.value.value === undefined ? [] : listForeignLayers(content.value.value),
  );
  const datasetNames = computed(() => [
    ...new Set(['mnist', 'fashion-mnist', ...datasets.datasets.map(({ name }) => name)]),
  ]);
  const fields = { model, dataset, settings, epsilon, given };
  return { ...fields, config, choices, layers, foreignLayers, found, problem, datasetNames };
}
