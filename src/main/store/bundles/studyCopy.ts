import { Query, type Connection } from '../database/connection.ts';
import type { CopyDirection } from './runCopy.ts';

/**
 * Takes over which studies runs belong to. A study of the same id is the same study, else one of the same
 * name; one that is not there comes with its plan.
 *
 * @param runIds of runs that are in both
 */
export function copyStudies(
  connection: Connection,
  { from, to }: CopyDirection,
  runIds: readonly string[],
): void {
  const ids = JSON.stringify(runIds);
  new Query(
    connection,
    `INSERT OR IGNORE INTO ${to}.studies (id, name, question, plan, created_at, changed_at)
     SELECT id, name, question, plan, created_at, changed_at FROM ${from}.studies
     WHERE study_key IN (SELECT study_key FROM ${from}.study_runs
       WHERE run_key IN (
         SELECT run_key FROM ${from}.runs WHERE id IN (SELECT value FROM json_each(?))))
     ORDER BY study_key`,
  ).run(ids);
  new Query(
    connection,
    `INSERT OR IGNORE INTO ${to}.study_runs (study_key, run_key, key)
     SELECT coalesce(
         (SELECT study_key FROM ${to}.studies AS here WHERE here.id = there.id),
         (SELECT study_key FROM ${to}.studies AS here WHERE here.name = there.name)),
       (SELECT run_key FROM ${to}.runs AS here WHERE here.id = gone.id), key
     FROM ${from}.study_runs AS member
     JOIN ${from}.studies AS there USING (study_key)
     JOIN ${from}.runs AS gone USING (run_key)
     WHERE gone.id IN (SELECT value FROM json_each(?))`,
  ).run(ids);
}
