import { readOptions } from '../../core/explainers/options.ts';
import { streamTask } from '../platform/longTask.ts';
import type { WorkbenchApi } from '../router.ts';
import type { History } from '../store/history.ts';
import { listAuditedImages, reportAudits } from './auditReports.ts';
import type { AuditJobs } from './audits.ts';

type Start = Parameters<WorkbenchApi['audits']['start']>[0];

/** With every method's usual options. */
const orderOf = ({ methods, ...order }: Start) => ({
  ...order,
  methods: methods.map((name) => ({ name, options: { ...readOptions(name, {}) } })),
});

export const buildAuditsApi = (history: History, audits: AuditJobs): WorkbenchApi['audits'] => ({
  list: ({ runId }) => Promise.resolve(history.audits.list(runId)),
  start: (order, options) =>
    streamTask(async (onProgress, signal) => {
      // Minutes of work would not be kept.
      history.requireWritable();
      const audited = await audits.run(orderOf(order), { onProgress, signal });
      return { epochs: [...new Set(audited.map(({ epoch }) => epoch))] };
    }, options.signal),
  report: (query, options) =>
    streamTask(
      (onProgress, signal) => reportAudits(history, query, { onProgress, signal }),
      options.signal,
    ),
  images: (query) => Promise.resolve(listAuditedImages(history, query)),
});
