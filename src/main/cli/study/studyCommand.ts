import type { Command } from 'commander';
import { addChanges } from './changes.ts';
import { addCluster } from './cluster.ts';
import { addCreate } from './create.ts';
import { addListing } from './listing.ts';
import { addTask } from './task.ts';
import { addReport } from './report.ts';
import { addTraining } from './training.ts';

/** `study`: many runs as one question. */
export function addStudyCommand(program: Command): void {
  const study = program.command('study').description('plan, train and follow many runs as one');
  addCreate(study);
  addListing(study);
  addTraining(study);
  addCluster(study);
  addTask(study);
  addReport(study);
  addChanges(study);
}
