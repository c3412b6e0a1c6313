import { z } from 'zod';
import {
  auditedSchema,
  auditSettingsSchema,
  type AuditColumns,
  type AuditedMethod,
} from '../../../core/trust/audit.ts';
import { BytesReader, computeDigest, joinBytes } from '../database/bytes.ts';
import { damaged } from '../database/errors.ts';
import { parseStored } from '../database/json.ts';

export interface AuditRow {
  epoch: number;
  method: string;
  settings: string;
  examples: number;
  columns: string;
  data: Uint8Array;
}

/** Names of columns, and how many values of an image each has. */
const widthsSchema = z.array(z.tuple([z.string(), z.number().int().min(1)]));

/** A row of what was audited, with its digest. */
export function encodeAudit(audit: AuditedMethod): AuditRow & { digest: string } {
  const { epoch, method, settings, exampleIds, targets, columns } = audit;
  const examples = exampleIds.length;
  const listed = Object.entries(columns);
  const widths = listed.map(([name, values]) => [name, values.length / examples]);
  const data = joinBytes(exampleIds, targets, ...listed.map(([, values]) => values));
  return {
    ...{ epoch, method, examples, data },
    settings: JSON.stringify(settings),
    columns: JSON.stringify(widths),
    digest: computeDigest([data]),
  };
}

/** Reads a row; CORRUPT_HISTORY where it says something else than it holds. */
export function decodeAudit(row: AuditRow): AuditedMethod {
  const what = `the audit of ${row.method} at epoch ${row.epoch}`;
  const method = auditedSchema.safeParse(row.method);
  const settings = auditSettingsSchema.safeParse(parseStored(row.settings, what));
  const widths = widthsSchema.safeParse(parseStored(row.columns, what));
  if (!method.success || !settings.success || !widths.success) {
    throw damaged(`${what} is not one`);
  }
  const reader = new BytesReader(row.data, what);
  const exampleIds = reader.takeUint32(row.examples);
  const targets = reader.takeUint32(row.examples);
  const columns: AuditColumns = {};
  for (const [name, width] of widths.data) columns[name] = reader.takeFloat32(row.examples * width);
  reader.end();
  const { epoch } = row;
  return { epoch, method: method.data, settings: settings.data, exampleIds, targets, columns };
}
