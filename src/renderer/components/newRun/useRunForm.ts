import { computed, watch } from 'vue';
import type { ComputedRef, WritableComputedRef } from 'vue';
import { useRouter } from 'vue-router';
import type { NewRun } from '../../../shared/contract.ts';
import { presetNames, presets } from '../../../core/config/presets.ts';
import { engineNames } from '../../../core/records.ts';
import type { RunConfig, RunConfigKey } from '../../../core/config/runConfig.ts';
import { configFields } from '../../composables/configFields.ts';
import type { ConfigField } from '../../composables/configFields.ts';
import {
  choiceParam,
  patchQuery,
  textParam,
  useQueryParam,
} from '../../composables/useQueryParam.ts';
import { useDatasetsStore } from '../../stores/datasets.ts';
import { useRunsStore } from '../../stores/runs.ts';
import { formatFieldValue, parseField, parseSeeds } from './fieldValues.ts';
import type { FieldValue, ParsedField } from './fieldValues.ts';
import { whyIgnored } from './relevance.ts';
import { countRuns, expandConfigs, expandSweep, mostRuns } from './sweep.ts';
import type { Sweep } from './sweep.ts';

/** One field of the form now. */
export interface FormField {
  field: ConfigField;
  text: string;
  /** What the preset, or the run that is repeated, has. */
  baseText: string;
  isChanged: boolean;
  parsed: ParsedField;
  /** Why it changes nothing; empty where it does. */
  ignored: string;
}

export const engineChoices = ['auto', ...engineNames] as const;

const rawParam = {
  parse: (text: string | null): string | null => text,
  format: (value: string | null): string | null => value,
};

/** A text in the URL that is left out while it is what it would be anyway. */
function useTextOr(name: string, fallback: () => string): WritableComputedRef<string> {
  const param = useQueryParam(name, rawParam);
  return computed({
    get: () => param.value ?? fallback(),
    set: (text) => {
      param.value = text === fallback() ? null : text;
    },
  });
}

/** A preset, or a run to repeat with changes. */
function useFormBase() {
  const runs = useRunsStore();
  const preset = useQueryParam('preset', choiceParam(presetNames, 'mnist-c'), 'push');
  const from = useQueryParam('from', textParam(), 'push');
  // The run may not be listed yet where the form was opened by a link.
  watch(from, (runId) => runId !== '' && runs.ensureRun(runId).catch(() => undefined), {
    immediate: true,
  });
  const source = computed(() => runs.summaryOf(from.value) ?? runs.detailOf(from.value));
  const config = computed((): RunConfig => source.value?.config ?? presets[preset.value]);
  return { preset, from, source, config };
}

/** A field with what its choices are now: the library's data sets, and those that can be fetched. */
function useLibraryChoices(): (field: ConfigField) => ConfigField {
  const datasets = useDatasetsStore();
  const names = computed(() => [
    ...new Set([...datasets.datasets.map(({ name }) => name), 'mnist', 'fashion-mnist']),
  ]);
  return (field) =>
    field.key === 'dataset' && datasets.state === 'ready'
      ? { ...field, kind: 'choice', choices: names.value }
      : field;
}

/** Every field of the configuration, its text in the URL where it differs from the base. */
function useFormFields(config: ComputedRef<RunConfig>) {
  const router = useRouter();
  const withLibrary = useLibraryChoices();
  const baseText = (key: RunConfigKey): string => formatFieldValue(key, config.value[key]);
  const texts = new Map(configFields.map(({ key }) => [key, useTextOr(key, () => baseText(key))]));
  const textOf = (key: RunConfigKey): string => texts.get(key)?.value ?? baseText(key);

  const parsed = computed(
    () =>
      new Map(
        configFields.map((field) => [field.key, parseField(withLibrary(field), textOf(field.key))]),
      ),
  );
  const valuesOf = (key: RunConfigKey): readonly FieldValue[] | null =>
    parsed.value.get(key)?.values ?? null;

  const fields = computed(() =>
    configFields.map((field): FormField => {
      const { key } = field;
      return {
        field: withLibrary(field),
        text: textOf(key),
        baseText: baseText(key),
        isChanged: textOf(key) !== baseText(key),
        parsed: parsed.value.get(key) ?? parseField(field, ''),
        ignored: whyIgnored(key, valuesOf),
      };
    }),
  );

  return {
    fields,
    setText: (key: RunConfigKey, text: string): void => {
      const own = texts.get(key);
      if (own !== undefined) own.value = text;
    },
    clearChanges: (): void => {
      patchQuery(router, Object.fromEntries(configFields.map(({ key }) => [key, null])), 'push');
    },
  };
}

/** The values of all fields, or null where one cannot be read. */
function collectValues(fields: readonly FormField[]): Sweep['values'] | null {
  const values = new Map<RunConfigKey, readonly FieldValue[]>();
  for (const { field, parsed } of fields) {
    if (parsed.values === null) return null;
    values.set(field.key, parsed.values);
  }
  return values;
}

/**
 * The form of a new run. All of it is in the URL, so that a sweep can be reloaded, bookmarked and sent:
 * `preset` or `from` (a run to repeat with changes), one parameter per field that differs, `seeds`,
 * `name`, `experiment`, `engine`.
 */
export function useRunForm() {
  const { config, ...base } = useFormBase();
  const fields = useFormFields(config);
  const name = useTextOr(
    'name',
    () => base.source.value?.name.replace(/\s+seed \d+$/, '') ?? base.preset.value,
  );
  const experiment = useTextOr('experiment', () => name.value.trim());
  const seeds = useTextOr('seeds', () => String(base.source.value?.seed ?? 1));
  const engine = useQueryParam('engine', choiceParam(engineChoices, 'auto'));
  const parsedSeeds = computed(() => parseSeeds(seeds.value));

  const sweep = computed((): Sweep | null => {
    const values = collectValues(fields.fields.value);
    if (values === null || parsedSeeds.value.values === null) return null;
    const numbers = parsedSeeds.value.values as readonly number[];
    const title = name.value.trim();
    return { values, seeds: numbers, name: title, experiment: experiment.value.trim() || title };
  });
  const count = computed(() => (sweep.value === null ? 0 : countRuns(sweep.value)));
  const fits = computed(() => count.value >= 1 && count.value <= mostRuns);
  const problems = computed(() => [
    ...fields.fields.value.flatMap(({ field, parsed }) => (parsed.error ? [field.title] : [])),
    ...(parsedSeeds.value.error === null ? [] : ['Seeds']),
  ]);

  return {
    ...base,
    ...fields,
    ...{ name, experiment, seeds, parsedSeeds, engine, count, fits, problems },
    /** Of every run, for an estimate. */
    configs: (): RunConfig[] => {
      const now = sweep.value;
      if (now === null || !fits.value) return [];
      return expandConfigs(now).flatMap((each) => now.seeds.map(() => each));
    },
    expand: (): NewRun[] => (sweep.value === null || !fits.value ? [] : expandSweep(sweep.value)),
  };
}

export type RunForm = ReturnType<typeof useRunForm>;
