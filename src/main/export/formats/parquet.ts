import { join } from 'node:path';
import {
  parquetWriteBuffer,
  schemaFromColumnData,
  type BasicType,
  type ColumnSource,
  type SchemaElement,
} from 'hyparquet-writer';
import { nameClass } from '../../../core/classNames.ts';
import { makeOutputFolder, saveOutput } from '../../platform/files.ts';
import {
  listEpochValues,
  listExampleColumns,
  listMarkColumns,
  type Cell,
  type Columns,
  type ColumnValues,
} from './exampleTable.ts';
import { describeRun, type ExportedRun, type WriteRuns } from './format.ts';

/** A value as a cell; what is undefined is null, which no mean counts. */
const toCell = (value: Cell): Cell => (Number.isNaN(value) ? null : value);

/** As what the values of a column are stored: numbers with the digits that they have in the history. */
function typeOf(values: ColumnValues): BasicType | 'LIST' | null {
  if (values instanceof Int32Array) return 'INT32';
  if (values instanceof Float32Array) return 'FLOAT';
  const some = values.find((value) => value !== null);
  if (some === undefined) return null;
  if (typeof some === 'object') return 'LIST';
  if (typeof some === 'string') return 'STRING';
  return typeof some === 'boolean' ? 'BOOLEAN' : 'DOUBLE';
}

interface Part {
  rows: number;
  columns: Columns;
}

/** A column of tables one below the other, null where one lacks it; null for one that all lack. */
function stackColumn(name: string, parts: readonly Part[]): ColumnSource | null {
  const types = parts.map(({ columns: { [name]: values } }) => (values ? typeOf(values) : null));
  const type = types.find((one) => one !== null);
  if (type === undefined) return null;
  const data = parts.flatMap(({ rows, columns: { [name]: values } }) =>
    values ? Array.from(values, toCell) : new Array<Cell>(rows).fill(null),
  );
  // The type of lists stands for them until `buildSchema`.
  return { name, data, type: type === 'LIST' ? 'JSON' : type, nullable: data.includes(null) };
}

const isList = ({ data }: ColumnSource): boolean => Array.from(data).some(Array.isArray);

/** A column of lists of texts, as the format lays them out. */
const listElements = (name: string): SchemaElement[] => [
  { name, repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
];

/** The writer's own schema, which knows no lists, with those. */
function buildSchema(columnData: ColumnSource[]): SchemaElement[] {
  const lists = new Set(columnData.filter(isList).map(({ name }) => name));
  return schemaFromColumnData({ columnData }).flatMap((element) =>
    lists.has(element.name) ? listElements(element.name) : element,
  );
}

function stack(parts: readonly Part[]): ColumnSource[] {
  const names = new Set(parts.flatMap(({ columns }) => Object.keys(columns)));
  return [...names].flatMap((name) => stackColumn(name, parts) ?? []);
}

/** What tells the rows of one run from those of others. */
const identify = ({ run }: ExportedRun, rows: number): Columns => ({
  run: new Array<string>(rows).fill(run.id),
  runName: new Array<string>(rows).fill(run.name),
});

function tableOfExamples(source: ExportedRun, epoch: number): Part {
  const columns = listExampleColumns(source.readExamples(epoch));
  const { classNames } = source.dataset;
  const nameAll = (of: string): string[] =>
    Array.from(columns[of] as Int32Array, (k) => nameClass(classNames, k));
  const rows = columns['label']?.length ?? 0;
  const names = { labelName: nameAll('label'), predictedName: nameAll('predictedClass') };
  const marks = listMarkColumns(columns['exampleId'] as Int32Array, source.marks);
  return { rows, columns: { ...identify(source, rows), ...columns, ...names, ...marks } };
}

/** Columns of epochs that count or number, and that every epoch has. */
const wholeNumbers = new Set(['epoch', 'testImages', 'numericsVersion', 'falsePredictions']);

function tableOfEpochs(source: ExportedRun): Part {
  const { epochs } = source.run;
  const values = epochs.map(listEpochValues);
  const columns = Object.fromEntries(
    Object.keys(values[0] ?? {}).map((name) => {
      const column = values.map((row) => row[name] ?? null);
      return [name, wholeNumbers.has(name) ? Int32Array.from(column, Number) : column];
    }),
  );
  return { rows: epochs.length, columns: { ...identify(source, epochs.length), ...columns } };
}

/** @param runs whose records, configurations among them, the file's metadata hold as JSON */
function encodeTable(columnData: ColumnSource[], runs: readonly ExportedRun[]): Uint8Array {
  const records = runs.map(({ run }) => describeRun(run));
  const kvMetadata = [{ key: 'afterimage.runs', value: `[${records.join()}]` }];
  // The writer takes types from one of both.
  const untyped = columnData.map(({ name, data }) => ({ name, data }));
  const schema = buildSchema(columnData);
  return new Uint8Array(parquetWriteBuffer({ columnData: untyped, schema, kvMetadata }));
}

export const writeParquet: WriteRuns = async ({ openRuns }, { out }) => {
  const runs = openRuns();
  const tables = {
    examples: runs.flatMap((run) => run.epochs.map((epoch) => tableOfExamples(run, epoch))),
    epochs: runs.map(tableOfEpochs),
  };
  makeOutputFolder(out);
  const written: string[] = [];
  for (const [name, parts] of Object.entries(tables)) {
    const path = join(out, `${name}.parquet`);
    await saveOutput(path, encodeTable(stack(parts), runs));
    written.push(path);
  }
  return written;
};
