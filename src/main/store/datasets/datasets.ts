import { AfterimageError } from '../../../core/errors.ts';
import type { DatasetRecord } from '../../../core/records.ts';
import { Query, type Connection } from '../database/connection.ts';
import { isDuplicate } from '../database/errors.ts';
import { parseStored } from '../database/json.ts';

interface RecordRow {
  record: string;
}

/** Records from before there were colours say nothing of channels: their images are grey. */
export const parseDatasetRecord = (record: string): DatasetRecord => ({
  channels: 1,
  ...(parseStored(record, 'the record of a data set') as Omit<DatasetRecord, 'channels'>),
});

const build = ({ record }: RecordRow): DatasetRecord => parseDatasetRecord(record);

/** The data sets that runs or the data folder know; of those in the folder, names are unique. */
export class Datasets {
  readonly #insert: Query<never>;
  readonly #get: Query<RecordRow>;
  readonly #find: Query<RecordRow>;
  readonly #list: Query<RecordRow>;
  readonly #change: Query<never>;
  readonly #forget: Query<never>;
  readonly #delete: Query<never>;
  readonly #users: Query<{ name: string; has_begun: 0 | 1 }>;

  constructor(connection: Connection) {
    // A record that came with a bundle, without its images, becomes a full one.
    this.#insert = new Query(
      connection,
      `INSERT INTO datasets (id, name, record, in_library) VALUES (?, ?, ?, 1)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, record = excluded.record, in_library = 1
       WHERE in_library = 0`,
    );
    this.#get = new Query(
      connection,
      `SELECT record FROM datasets WHERE id = @wanted AND in_library = 1
       UNION ALL SELECT record FROM datasets WHERE name = @wanted AND in_library = 1`,
    );
    this.#find = new Query(connection, 'SELECT record FROM datasets WHERE id = ?');
    this.#list = new Query(
      connection,
      'SELECT record FROM datasets WHERE in_library = 1 ORDER BY name',
    );
    this.#change = new Query(
      connection,
      'UPDATE datasets SET name = ?, record = ? WHERE id = ? AND in_library = 1',
    );
    this.#forget = new Query(connection, 'UPDATE datasets SET in_library = 0 WHERE id = ?');
    this.#delete = new Query(
      connection,
      'DELETE FROM datasets WHERE id = @id AND NOT EXISTS (SELECT 1 FROM runs WHERE dataset_id = @id)',
    );
    this.#users = new Query(
      connection,
      `SELECT name, 1 AS has_begun FROM runs WHERE dataset_id = @id
       UNION ALL
       SELECT name, 0 AS has_begun FROM runs
       WHERE dataset_id IS NULL AND json_extract(config, '$.data.dataset') = @name`,
    );
  }

  /** CONFLICT if the name or the content is there already. */
  insert(record: DatasetRecord): void {
    let changes = 0;
    try {
      changes = this.#insert.run(record.id, record.name, JSON.stringify(record));
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
    if (changes > 0) return;
    throw new AfterimageError(
      'CONFLICT',
      `There is a data set named ${record.name}, or one with exactly these images, already.`,
      'Use that one, or choose another name.',
    );
  }

  /** Gives a set another name or its classes others. CONFLICT if the set's name is taken. */
  change(record: DatasetRecord): void {
    try {
      this.#change.run(record.name, JSON.stringify(record), record.id);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw new AfterimageError(
        'CONFLICT',
        `There is a data set named ${record.name} already.`,
        'Choose another name.',
      );
    }
  }

  /** Its images are no longer here; what runs say of it stays as long as they do. */
  remove(id: string): void {
    this.#forget.run(id);
    this.#delete.run({ id });
  }

  /** Runs that were trained on a set, and those that wait to be, by its name; also in the bin. */
  listUsers({
    id,
    name,
  }: Pick<DatasetRecord, 'id' | 'name'>): { name: string; hasBegun: boolean }[] {
    const rows = this.#users.all({ id, name });
    return rows.map((row) => ({ name: row.name, hasBegun: row.has_begun === 1 }));
  }

  /** Of those whose images lie in the data folder. */
  get(nameOrId: string): DatasetRecord | null {
    const row = this.#get.get({ wanted: nameOrId });
    return row ? build(row) : null;
  }

  /** Also of one that came with a bundle, without its images. */
  find(id: string): DatasetRecord | null {
    const row = this.#find.get(id);
    return row ? build(row) : null;
  }

  /** By name, those whose images lie in the data folder. */
  list(): DatasetRecord[] {
    return this.#list.all().map(build);
  }
}
