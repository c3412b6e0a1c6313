import type { Command } from 'commander';
import { tableLayouts, type TableLayout } from '../../core/statistics/comparison.ts';
import { AfterimageError } from '../../core/errors.ts';
import { venueNames, type VenueName } from '../../core/figures/style.ts';
import { isLaidOut, tableFormats, type TableFormat } from '../export/tableFormats.ts';
import { listOf, oneOf } from './arguments.ts';

/** What every command that writes a table for a paper takes. */
export interface TableFormatOptions {
  format?: TableFormat;
  fields?: string[];
  layout: TableLayout;
  venue?: VenueName;
}

export const addTableOptions = (command: Command): Command =>
  command
    .option('--format <format>', tableFormats.join(', '), oneOf(tableFormats))
    .option(
      '--fields <keys>',
      'what of each row is shown, in this order, by the names that it has in CSV',
      listOf(String),
    )
    .option(
      '--layout <auto|rows|columns>',
      'of md and tex: fields from left to right, or from top to bottom; auto: what is narrower',
      oneOf(tableLayouts),
      'auto',
    )
    .option(
      '--venue <name>',
      `of tex: has to fit into the text of ${venueNames.join(', ')}`,
      oneOf(venueNames),
    );

export const refuseOption = (flag: string, format: TableFormat, formats: string): AfterimageError =>
  new AfterimageError(
    'INVALID_ARGUMENT',
    `${flag} does not belong to format ${format}.`,
    `Leave it out, or use --format ${formats}.`,
  );

/** The format asked for; INVALID_ARGUMENT for an option that it would ignore. */
export function chooseFormat(command: Command, options: TableFormatOptions): TableFormat {
  const { json }: { json?: boolean } = command.optsWithGlobals();
  const format = options.format ?? (json === true ? 'json' : 'md');
  const isGiven = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
  if (isGiven('venue') && format !== 'tex') throw refuseOption('--venue', format, 'tex');
  if (isGiven('layout') && !isLaidOut(format)) {
    throw refuseOption('--layout', format, 'md or tex');
  }
  return format;
}
