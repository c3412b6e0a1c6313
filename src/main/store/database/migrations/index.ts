import { initial } from './001-initial.ts';
import { figures } from './002-figures.ts';
import { definedCounts } from './003-defined-counts.ts';
import { nestedConfig } from './004-nested-config.ts';
import { namedMeans } from './005-named-means.ts';
import { audits } from './006-audits.ts';
import { space } from './007-space.ts';
import { changes } from './008-changes.ts';
import { exampleMarks } from './009-example-marks.ts';
import { studies } from './010-studies.ts';
import { submissions } from './011-submissions.ts';
import type { Migration } from './migration.ts';

export const migrations: readonly Migration[] = [
  initial,
  figures,
  definedCounts,
  nestedConfig,
  namedMeans,
  audits,
  space,
  changes,
  exampleMarks,
  studies,
  submissions,
];
