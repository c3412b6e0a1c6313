import {
  exampleMarkSchema,
  type ExampleMark,
  type ExampleMarkChange,
} from '../../../core/records.ts';
import { changeTags } from '../../../core/tags.ts';
import { Query, type Connection } from '../database/connection.ts';
import { damaged } from '../database/errors.ts';
import { parseStored } from '../database/json.ts';

interface MarkRow {
  example_id: number;
  tags: string;
  note: string;
}

function build({ example_id: exampleId, tags, note }: MarkRow): ExampleMark {
  const what = `the tags of image ${exampleId}`;
  const parsed = exampleMarkSchema.safeParse({ exampleId, tags: parseStored(tags, what), note });
  if (!parsed.success) throw damaged(`${what} cannot be read`);
  return parsed.data;
}

/** What people say of single test images of a data set, whatever run shows them. */
export class ExampleMarks {
  readonly #connection: Connection;
  readonly #list: Query<MarkRow>;
  readonly #get: Query<MarkRow>;
  readonly #set: Query<never>;
  readonly #remove: Query<never>;

  constructor(connection: Connection) {
    this.#connection = connection;
    const place = "dataset_id = ? AND split = 'test'";
    this.#list = new Query(
      connection,
      `SELECT example_id, tags, note FROM example_marks WHERE ${place} ORDER BY example_id`,
    );
    this.#get = new Query(
      connection,
      `SELECT example_id, tags, note FROM example_marks WHERE ${place} AND example_id = ?`,
    );
    this.#set = new Query(
      connection,
      `INSERT INTO example_marks VALUES (?, 'test', ?, ?, ?)
       ON CONFLICT DO UPDATE SET tags = excluded.tags, note = excluded.note`,
    );
    this.#remove = new Query(
      connection,
      `DELETE FROM example_marks WHERE ${place} AND example_id = ?`,
    );
  }

  /** By exampleId, only those that have a tag or a note. */
  list(datasetId: string): ExampleMark[] {
    return this.#list.all(datasetId).map(build);
  }

  /** An image of which nothing is said leaves no trace. @returns what is said of it now */
  change(datasetId: string, { exampleId, note, ...tags }: ExampleMarkChange): ExampleMark {
    return this.#connection.transaction(() => {
      const row = this.#get.get(datasetId, exampleId);
      const before = row === undefined ? { tags: [], note: '' } : build(row);
      const mark = {
        exampleId,
        tags: changeTags(before.tags, tags),
        note: note?.trim() ?? before.note,
      };
      if (mark.tags.length === 0 && mark.note === '') this.#remove.run(datasetId, exampleId);
      else this.#set.run(datasetId, exampleId, JSON.stringify(mark.tags), mark.note);
      return mark;
    });
  }
}
