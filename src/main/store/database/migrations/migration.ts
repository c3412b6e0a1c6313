import type { Connection } from '../connection.ts';

/** One step of the schema. A step that has been released never changes; a later one mends it. */
export interface Migration {
  /** The schema's number after it: 1, 2, 3 ... without gaps. */
  version: number;
  sql: string;
  /** What SQL cannot compute, after `sql` and in the same transaction. */
  fill?: (connection: Connection) => void;
}
