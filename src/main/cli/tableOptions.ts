import type { Command } from 'commander';
import {
  tableFormats,
  tableLayouts,
  type TableFormat,
  type TableLayout,
} from '../../core/statistics/comparison.ts';
import { AfterimageError } from '../../core/errors.ts';
import { venueNames, type VenueName } from '../../core/figures/style.ts';
import type { Table } from '../export/table.ts';
import { formatTable, isLaidOut } from '../export/tableFormats.ts';
import { inRows } from '../export/tablePlacement.ts';
import { listOf, oneOf } from './arguments.ts';
import type { Output } from './output.ts';

/** What every command that writes a table for a paper takes. */
export interface TableFormatOptions {
  format?: TableFormat;
  fields?: string[];
  layout: TableLayout;
  venue?: VenueName;
}

export const addTableOptions = (command: Command): Command =>
  command
    .option(
      '--format <format>',
      `${tableFormats.join(', ')}; text unless given`,
      oneOf(tableFormats),
    )
    .option(
      '--fields <keys>',
      'what of each row is shown, in this order, by the names that it has in CSV',
      listOf(String),
    )
    .option(
      '--layout <auto|rows|columns>',
      'of text, md and tex: fields from left to right, or from top to bottom; auto: what fits or is narrower',
      oneOf(tableLayouts),
      'auto',
    )
    .option(
      '--venue <name>',
      `of tex: has to fit into the text of ${venueNames.join(', ')}`,
      oneOf(venueNames),
    );

const listFormats = ['text', 'md', 'csv'] as const;

/** `--format` of a command that lists: no table for a paper. */
export const addListFormat = (command: Command): Command =>
  command.option(
    '--format <format>',
    `${listFormats.join(', ')}; text unless given`,
    oneOf(listFormats),
  );

/** INVALID_ARGUMENT where --json asks for another format than --format. */
export function listFormat(command: Command): TableFormat {
  const { json, format }: { json?: boolean; format?: TableFormat } = command.optsWithGlobals();
  if (json !== true || format === undefined) return format ?? 'text';
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `--json and --format ${format} ask for two formats.`,
    'Give one of them.',
  );
}

/** A table with a row per item, for reading unless told. */
export const formatList = (
  table: Table,
  { lineLength }: Pick<Output, 'lineLength'>,
  format: TableFormat = 'text',
): string => formatTable(table, format, { ...inRows, lineLength });

export const refuseOption = (flag: string, format: TableFormat, formats: string): AfterimageError =>
  new AfterimageError(
    'INVALID_ARGUMENT',
    `${flag} does not belong to format ${format}.`,
    `Leave it out, or use --format ${formats}.`,
  );

/** The format asked for; INVALID_ARGUMENT for an option that it would ignore. */
export function chooseFormat(command: Command, options: TableFormatOptions): TableFormat {
  const { json }: { json?: boolean } = command.optsWithGlobals();
  const format = options.format ?? (json === true ? 'json' : 'text');
  const isGiven = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
  if (isGiven('venue') && format !== 'tex') throw refuseOption('--venue', format, 'tex');
  if (isGiven('layout') && !isLaidOut(format)) {
    throw refuseOption('--layout', format, 'text, md or tex');
  }
  return format;
}
