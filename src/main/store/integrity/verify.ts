import { breathe, type LongTaskOptions } from '../../platform/longTask.ts';
import { Query, type Connection } from '../database/connection.ts';
import { verifyFigures } from '../figures.ts';
import { verifyStudies } from '../studies.ts';
import { RunChecker } from './runChecker.ts';

interface TableRow {
  name: string;
}
interface ReferenceRow {
  child: string;
  parent: string;
  rows: number;
}

/** Problems of the file itself, table by table so that the process answers in between. */
async function verifyTables(
  connection: Connection,
  { onProgress, signal }: LongTaskOptions,
): Promise<string[]> {
  const tables = new Query<TableRow>(
    connection,
    "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
  ).all();
  const check = new Query<{ problem: string }>(
    connection,
    'SELECT integrity_check AS problem FROM pragma_integrity_check(?)',
  );
  const problems: string[] = [];
  for (const [done, { name }] of tables.entries()) {
    onProgress?.({ step: `Table ${name}`, done, total: tables.length });
    const found = check.all(name).map(({ problem }) => problem);
    problems.push(...found.filter((problem) => problem !== 'ok'));
    await breathe();
    signal?.throwIfAborted();
  }
  return problems;
}

function listBrokenReferences(connection: Connection): string[] {
  const query = new Query<ReferenceRow>(
    connection,
    `SELECT "table" AS child, parent, count(*) AS rows FROM pragma_foreign_key_check
     GROUP BY child, parent`,
  );
  return query
    .all()
    .map(({ child, parent, rows }) => `${rows} rows of ${child} point to no row of ${parent}`);
}

async function verifyRuns(
  connection: Connection,
  { onProgress, signal }: LongTaskOptions,
): Promise<string[]> {
  const checker = new RunChecker(connection);
  const runs = checker.listRuns();
  const problems: string[] = [];
  for (const [done, run] of runs.entries()) {
    onProgress?.({ step: `Run ${run.id}`, done, total: runs.length });
    const found = checker.checkRun(run);
    for (const epoch of checker.listEpochs(run)) {
      found.push(...checker.checkEpoch(run, epoch));
      await breathe();
      signal?.throwIfAborted();
    }
    for (const problem of found) problems.push(`run ${run.id}: ${problem}`);
  }
  return problems;
}

/** Everything that is wrong with a history, in words; nothing if all is well. */
export async function verifyHistory(
  connection: Connection,
  options: LongTaskOptions = {},
): Promise<string[]> {
  return [
    ...(await verifyTables(connection, options)),
    ...listBrokenReferences(connection),
    ...verifyFigures(connection),
    ...verifyStudies(connection),
    ...(await verifyRuns(connection, options)),
  ];
}
