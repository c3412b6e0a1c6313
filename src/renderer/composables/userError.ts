import { AfterimageError } from '../../core/errors.ts';

/** An error as a person reads it: what happened to what, and what to do. */
export interface UserError {
  code: string;
  message: string;
  remedy: string;
}

export function toUserError(error: unknown): UserError {
  if (error instanceof AfterimageError) {
    return { code: error.code, message: error.message, remedy: error.remedy };
  }
  return {
    code: 'INTERNAL',
    message: error instanceof Error ? error.message : String(error),
    remedy: 'Reload the page; if it happens again, report it.',
  };
}

/** The error as text for the clipboard. */
export const describeError = ({ code, message, remedy }: UserError): string =>
  `${code}\n${message}\n${remedy}`;
