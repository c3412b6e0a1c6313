import type { Connection } from './connection.ts';

/** What of a run its rows in lists and its page show; who owns it is nobody else's matter. */
const shownColumns = `name, experiment, status, config, dataset_id, engine, best_epoch, note, error,
  queue_position, started_at, finished_at, deleted_at, asked`;

/** As many changes as are kept: whoever has missed more loads everything again. */
const kept = 4096;

const trigger = (name: string, event: string, table: string, body: string): string =>
  `CREATE TEMP TRIGGER note_${name} AFTER ${event} ON main.${table} BEGIN ${body}; END;`;

const noteRun = (row: 'NEW' | 'OLD'): string =>
  `INSERT INTO changes (subject, run_id) VALUES ('run', ${row}.id)`;

const noteRunOf = (row: 'NEW' | 'OLD', epoch = 'NULL'): string =>
  `INSERT INTO changes (subject, run_id, epoch)
     SELECT 'run', id, ${epoch} FROM runs WHERE run_key = ${row}.run_key`;

const triggers = [
  trigger(
    'length',
    'INSERT',
    'changes',
    `DELETE FROM changes WHERE sequence <= NEW.sequence - ${kept}`,
  ),
  trigger('new_run', 'INSERT', 'runs', noteRun('NEW')),
  trigger('run', `UPDATE OF ${shownColumns}`, 'runs', noteRun('NEW')),
  trigger('lost_run', 'DELETE', 'runs', noteRun('OLD')),
  trigger('epoch', 'INSERT', 'epochs', noteRunOf('NEW', 'NEW.epoch')),
  trigger('new_tag', 'INSERT', 'run_tags', noteRunOf('NEW')),
  trigger('lost_tag', 'DELETE', 'run_tags', noteRunOf('OLD')),
  ...Object.entries({
    datasets: 'datasets',
    figures: 'figures',
    example_marks: 'example_marks',
    studies: 'studies',
    study_runs: 'studies',
  }).flatMap(([table, subject]) =>
    ['INSERT', 'UPDATE', 'DELETE'].map((event) =>
      trigger(
        `${event}_${table}`,
        event,
        table,
        `INSERT INTO changes (subject) VALUES ('${subject}')`,
      ),
    ),
  ),
].join('\n');

/**
 * Has everything noted that this connection does to the history, for other processes to follow. The
 * triggers are the connection's own: the file has none, which could be anybody's where it came from.
 */
export function noteChanges(connection: Connection): void {
  connection.exec(triggers);
}
