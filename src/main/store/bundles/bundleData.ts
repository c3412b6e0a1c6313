import { open } from 'node:fs/promises';
import type { DatasetRecord } from '../../../core/records.ts';
import { breathe } from '../../platform/longTask.ts';
import { Query, type Connection } from '../database/connection.ts';
import { parseDatasetRecord } from '../datasets/datasets.ts';

/** The table of a bundle with data sets that no history has: their files, in pieces. */
export const dataTable = 'dataset_files';
const pieceBytes = 4 * 2 ** 20;

/** Where data sets come from or go to, known by their content. */
export interface DatasetFiles {
  /** The file of a set whose images are here, whole; else throws. */
  locate: (id: string) => Promise<string>;
  /** Stores a set whose file these bytes are, or throws where they are not. */
  adopt: (record: DatasetRecord, file: Uint8Array) => Promise<void>;
}

const listRecords = (connection: Connection, database: string): DatasetRecord[] =>
  new Query<{ record: string }>(connection, `SELECT record FROM ${database}.datasets ORDER BY id`)
    .all()
    .map(({ record }) => parseDatasetRecord(record));

/** Puts the files of all data sets that a bundle's runs know into it. */
export async function packDatasets(
  connection: Connection,
  datasets: DatasetFiles,
  signal?: AbortSignal,
): Promise<void> {
  connection.exec(
    `CREATE TABLE main.${dataTable} (dataset_id TEXT NOT NULL REFERENCES datasets (id),
       position INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (dataset_id, position)) STRICT`,
  );
  const insert = new Query<never>(connection, `INSERT INTO main.${dataTable} VALUES (?, ?, ?)`);
  for (const { id } of listRecords(connection, 'main')) {
    await using file = await open(await datasets.locate(id), 'r');
    const buffer = new Uint8Array(pieceBytes);
    for (let position = 0; ; position += 1) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(buffer, 0, pieceBytes, position * pieceBytes);
      if (bytesRead === 0) break;
      insert.run(id, position, buffer.subarray(0, bytesRead));
    }
  }
}

/** Stores the data sets of a bundle, each checked against the SHA-256 that its runs know it by. */
export async function unpackDatasets(
  connection: Connection,
  datasets: DatasetFiles,
  signal?: AbortSignal,
): Promise<void> {
  const pieces = new Query<{ data: Uint8Array }>(
    connection,
    `SELECT data FROM ${dataTable} WHERE dataset_id = ? ORDER BY position`,
  );
  for (const record of listRecords(connection, 'main')) {
    signal?.throwIfAborted();
    const file = Buffer.concat(pieces.all(record.id).map(({ data }) => data));
    await breathe();
    await datasets.adopt(record, file);
  }
}
