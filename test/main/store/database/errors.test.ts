import { expect, it } from 'vitest';
import { AfterimageError, type ErrorCode } from '../../../../src/core/errors.ts';
import { toStoreError } from '../../../../src/main/store/database/errors.ts';

const failed = (code: string): Error => Object.assign(new Error('it failed'), { code });

it.each<[string, ErrorCode, RegExp]>([
  ['SQLITE_FULL', 'DISK_FULL', /is full/],
  ['ENOSPC', 'DISK_FULL', /is full/],
  ['SQLITE_READONLY_DBMOVED', 'READ_ONLY', /cannot be written/],
  ['EROFS', 'READ_ONLY', /cannot be written/],
  ['SQLITE_BUSY_SNAPSHOT', 'LOCKED', /locked for more than/],
  ['SQLITE_NOTADB', 'CORRUPT_HISTORY', /damaged or is not an Afterimage history/],
  ['SQLITE_NOMEM', 'OUT_OF_MEMORY', /not enough memory/],
  ['SQLITE_IOERR_NOMEM', 'OUT_OF_MEMORY', /not enough memory/],
  ['SQLITE_IOERR_READ', 'INTERNAL', /disk failed/],
  ['EIO', 'INTERNAL', /disk failed/],
  ['ENOTDIR', 'INVALID_ARGUMENT', /a part of the path is a file/],
  ['ENAMETOOLONG', 'INVALID_ARGUMENT', /too long/],
  ['ENOENT', 'INVALID_ARGUMENT', /is none, or is gone/],
])('%s is told as %s, of the file that it is about', (code, expected, what) => {
  const told = toStoreError(failed(code), '/data/history.sqlite') as AfterimageError;
  expect(told).toBeInstanceOf(AfterimageError);
  expect(told.code).toBe(expected);
  expect(told.message).toMatch(what);
  expect(told.message).toContain('/data/history.sqlite');
  expect(told.remedy).toMatch(/\.$/);
});

it('leaves what it does not know as it is', () => {
  const unknown = failed('SQLITE_MISUSE');
  expect(toStoreError(unknown, '/data')).toBe(unknown);
});
