import { computed, watch } from 'vue';
import type { ComputedRef, WritableComputedRef } from 'vue';
import { useRouter } from 'vue-router';
import type { NewRun } from '../../../shared/contract.ts';
import type { Study } from '../../../core/studies/study.ts';
import { presetNames, presets } from '../../../core/config/presets.ts';
import { engineNames } from '../../../core/records.ts';
import type { RunConfig } from '../../../core/config/runConfig.ts';
import { shortKey } from '../../../core/config/settingKeys.ts';
import { findSetting, settingPaths } from '../../../core/config/settings.ts';
import type { Setting, SettingValue } from '../../../core/config/settings.ts';
import { expandConfigs, mostRuns } from '../../../core/config/sweep.ts';
import {
  choiceParam,
  patchQuery,
  textParam,
  useQueryParam,
} from '../../composables/useQueryParam.ts';
import { useDatasetsStore } from '../../stores/datasets.ts';
import { useRunsStore } from '../../stores/runs.ts';
import { parseSeeds } from './fieldValues.ts';
import { baseTextOf, buildFields, withTypedModel } from './formFields.ts';
import type { FormField } from './formFields.ts';
import { countRuns, runOf, studyOf } from './sweep.ts';
import type { Sweep } from './sweep.ts';

export const engineChoices = ['auto', ...engineNames] as const;
/** What becomes of a run's checkpoint when it has completed. */
export const keepChoices = ['settings', 'keep', 'drop'] as const;

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
function useLibraryChoices(): (setting: Setting) => Setting {
  const datasets = useDatasetsStore();
  const names = computed(() => [
    ...new Set([...datasets.datasets.map(({ name }) => name), 'mnist', 'fashion-mnist']),
  ]);
  return (setting) =>
    setting.path === 'data.dataset' && datasets.state === 'ready'
      ? { ...setting, kind: 'choice', choices: names.value }
      : setting;
}

/** Every field of the configuration, its text in the URL where it differs from the base. */
function useFormFields(config: ComputedRef<RunConfig>) {
  const router = useRouter();
  const adapt = useLibraryChoices();
  const modelled = computed((): RunConfig => withTypedModel(config.value, textOf));
  const texts = new Map(
    settingPaths.map((path) => {
      const setting = findSetting(path);
      const base = setting.part === 'model' ? config : modelled;
      return [path, useTextOr(shortKey(path), () => baseTextOf(setting, base.value))];
    }),
  );
  const textOf = (setting: Setting): string =>
    texts.get(setting.path)?.value ?? baseTextOf(setting, config.value);

  return {
    fields: computed(() => buildFields(config.value, textOf, adapt)),
    setText: (path: string, text: string): void => {
      const own = texts.get(path);
      if (own !== undefined) own.value = text;
    },
    clearChanges: (): void => {
      const cleared = settingPaths.map((path) => [shortKey(path), null]);
      patchQuery(router, Object.fromEntries(cleared) as Record<string, null>, 'push');
    },
  };
}

/**
 * The values of all fields, or null where one cannot be read. A target layer that nobody chose is left
 * to each model of the sweep.
 */
function collectValues(fields: readonly FormField[]): Sweep['values'] | null {
  const values = new Map<string, readonly SettingValue[]>();
  for (const { field, parsed, isChanged } of fields) {
    if (parsed.values === null) return null;
    if (field.path === 'cam.targetLayer' && !isChanged) continue;
    values.set(field.path, parsed.values);
  }
  return values;
}

/**
 * The form of a new run. All of it is in the URL, so that a sweep can be reloaded, bookmarked and sent:
 * `preset` or `from` (a run to repeat with changes), one parameter per field that differs, `seeds`,
 * `name`, `experiment` (the name of the study that several runs are), `question`, `engine`, `keep`.
 */
export function useRunForm() {
  const { config, ...base } = useFormBase();
  const fields = useFormFields(config);
  const name = useTextOr(
    'name',
    () => base.source.value?.name.replace(/\s+seed \d+$/, '') ?? base.preset.value,
  );
  const experiment = useTextOr('experiment', () => name.value.trim());
  const question = useQueryParam('question', textParam());
  const seeds = useTextOr('seeds', () => String(base.source.value?.seed ?? 1));
  const engine = useQueryParam('engine', choiceParam(engineChoices, 'auto'));
  const keep = useQueryParam('keep', choiceParam(keepChoices, 'settings'));
  const parsedSeeds = computed(() => parseSeeds(seeds.value));

  const sweep = computed((): Sweep | null => {
    const values = collectValues(fields.fields.value);
    if (values === null || parsedSeeds.value.values === null) return null;
    const numbers = parsedSeeds.value.values as readonly number[];
    const title = name.value.trim();
    const group = experiment.value.trim() || title;
    return { base: config.value, values, seeds: numbers, name: title, experiment: group };
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
    ...{ name, experiment, question, seeds, parsedSeeds, engine, keep, count, fits, problems },
    /** Undefined: as Settings say. */
    keepsCheckpoints: (): boolean | undefined =>
      keep.value === 'settings' ? undefined : keep.value === 'keep',
    /** Of every run, for an estimate. */
    configs: (): RunConfig[] => {
      const now = sweep.value;
      if (now === null || !fits.value) return [];
      return expandConfigs(now.base, now.values).flatMap((each) => now.seeds.map(() => each));
    },
    /** What will be queued: one run, or a study of several; null while it cannot be. */
    wanted: (): { run: NewRun } | { study: Study } | null => {
      const now = sweep.value;
      if (now === null || !fits.value) return null;
      return count.value === 1
        ? { run: runOf(now) }
        : { study: studyOf(now, question.value.trim()) };
    },
  };
}

export type RunForm = ReturnType<typeof useRunForm>;
