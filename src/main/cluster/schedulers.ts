import type { Scheduler } from './scheduler.ts';
import { Slurm } from './slurm.ts';

/** What tasks can be handed to. Another scheduler is a file beside `slurm.ts` and a line here. */
export const schedulers = { slurm: new Slurm() } as const satisfies Record<string, Scheduler>;

export type SchedulerName = keyof typeof schedulers;
export const schedulerNames = Object.keys(schedulers) as SchedulerName[];

/** By the name that a submission was stored with. */
export function findScheduler(name: string): Scheduler {
  const found = schedulerNames.find((one) => one === name);
  if (found === undefined) throw new Error(`There is no scheduler ${name}.`);
  return schedulers[found];
}
