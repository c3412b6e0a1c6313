import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { AuditedImageValue, AuditQuery, AuditReport } from '../../core/trust/auditReport.ts';
import type { AuditedName } from '../../core/trust/audit.ts';
import type { ExplainerName } from '../../core/explainers/registry.ts';
import type { TrustMeasureName } from '../../core/trust/measures.ts';
import type { LongTaskProgress } from '../../shared/longTask.ts';
import { useLatest } from '../composables/useLatest.ts';
import { useClient } from './client.ts';
import { follow, useTasksStore } from './tasks.ts';

/** What is to be audited of each of some runs. */
export interface AuditWish {
  runs: readonly { id: string; name: string; epoch: number }[];
  methods: ExplainerName[];
  examples: number;
}

export const auditTaskKey = 'audit';

/** What audits say of the runs that are shown; of several asked for in a row the last one counts. */
export const useAuditsStore = defineStore('audits', () => {
  const client = useClient();
  const tasks = useTasksStore();
  const progress = shallowRef<LongTaskProgress | null>(null);

  const report = useLatest(
    async (signal: AbortSignal, runIds: readonly string[], epoch: AuditQuery['epoch']) => {
      progress.value = null;
      const stream = await client.audits.report({ runIds: [...runIds], epoch }, { signal });
      return follow<AuditReport>(stream, (step) => {
        if (!signal.aborted) progress.value = step;
      });
    },
  );

  const images = useLatest(
    (
      signal: AbortSignal,
      asked: Pick<AuditQuery, 'runIds' | 'epoch'> & {
        method: AuditedName;
        measure: TrustMeasureName;
      },
    ): Promise<AuditedImageValue[]> => client.audits.images(asked, { signal }),
  );

  /** One run after the other, each at its epoch. @returns whether all were audited */
  async function start({ runs, methods, examples }: AuditWish): Promise<boolean> {
    for (const { id, name, epoch } of runs) {
      const order = { runId: id, epochs: [epoch], methods, examples, seed: 1 };
      const done = await tasks.run<{ epochs: number[] }>(
        auditTaskKey,
        `Audit of ${name}`,
        (signal) => client.audits.start(order, { signal }),
      );
      if (done === undefined) return false;
    }
    return true;
  }

  return {
    report: report.value,
    error: computed(() => report.error.value),
    pending: report.pending,
    progress: computed(() => progress.value),
    load: report.load,
    clear: () => {
      report.clear();
      images.clear();
    },
    images: images.value,
    imagesError: computed(() => images.error.value),
    loadImages: images.load,
    start,
  };
});
