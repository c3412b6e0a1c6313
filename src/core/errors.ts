/** Codes that cross every boundary; a caller may switch on them. */
export const errorCodes = [
  'INVALID_ARGUMENT',
  'NOT_FOUND',
  'AMBIGUOUS',
  'CONFLICT',
  'CORRUPT_INPUT',
  'CORRUPT_HISTORY',
  'NEWER_VERSION',
  'LOCKED',
  'READ_ONLY',
  'DISK_FULL',
  'NO_NETWORK',
  'ENGINE_UNAVAILABLE',
  'OUT_OF_MEMORY',
  'NOT_FINITE',
  'TRAINER_DIED',
  'INTERNAL',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/**
 * The one error that users see. `message` names what happened and to what; `remedy` says what to do.
 */
export class AfterimageError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;

  constructor(code: ErrorCode, message: string, remedy: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AfterimageError';
    this.code = code;
    this.remedy = remedy;
  }
}

/** What somebody asked for cannot be done; the most frequent of the errors. */
export const invalidArgument = (message: string, remedy: string): AfterimageError =>
  new AfterimageError('INVALID_ARGUMENT', message, remedy);

const passing: ReadonlySet<string> = new Set(['DISK_FULL', 'LOCKED', 'READ_ONLY']);

/** Whether what failed with this code can be done later, once the remedy was followed. */
export const isPassing = (code: string): boolean => passing.has(code);

/** What of an error crosses between processes and threads, where its class is lost. */
export type ErrorFacts = Pick<AfterimageError, 'code' | 'message' | 'remedy'>;

export const factsOf = ({ code, message, remedy }: ErrorFacts): ErrorFacts => ({
  code,
  message,
  remedy,
});

/** The error again, on the side that it crossed to. */
export const errorFrom = (
  { code, message, remedy }: ErrorFacts,
  cause?: unknown,
): AfterimageError => new AfterimageError(code, message, remedy, cause);
