import { isContractProcedure } from '@orpc/contract';
import type {
  AnyContractRouter,
  ContractProcedure,
  ErrorMap,
  InferSchemaInput,
  InferSchemaOutput,
  Meta,
} from '@orpc/contract';
import { mapEventIterator } from '@orpc/client';
import { implement, ORPCError } from '@orpc/server';
import type { AnyRouter } from '@orpc/server';
import { StandardRPCHandler } from '@orpc/server/standard';
import { contract } from '../shared/contract.ts';
import type { Contract } from '../shared/contract.ts';
import { AfterimageError } from '../core/errors.ts';
import type { ErrorCode } from '../core/errors.ts';

/** What accompanies every call. */
export interface CallOptions {
  /** Aborts when the caller has cancelled or is gone. */
  signal?: AbortSignal | undefined;
  /** The last event that the caller has seen, where it resumes a stream. */
  lastEventId?: string | undefined;
}

/** Streams may also be answered by an async generator method. */
type Answer<Output> = [Output] extends [AsyncIterator<infer Value, infer Result>]
  ? AsyncIteratorObject<Value, Result> | Promise<AsyncIteratorObject<Value, Result>>
  : Promise<Output>;

type ApiOf<Part> =
  Part extends ContractProcedure<infer Input, infer Output, ErrorMap, Meta>
    ? (input: InferSchemaOutput<Input>, options: CallOptions) => Answer<InferSchemaInput<Output>>
    : { [Key in keyof Part]: ApiOf<Part[Key]> };

/**
 * The contract as plain methods: validated input in, answer out. Errors are thrown as AfterimageError;
 * any other error is a fault of the program.
 */
export type WorkbenchApi = ApiOf<Contract>;

/** Answers the calls of every transport; one serves all connections. */
export type Handler = StandardRPCHandler<Record<string, unknown>>;

/** Binds an implementation to the contract, with payloads validated both ways. */
export function createHandler(api: WorkbenchApi): Handler {
  const router = bindRouter(contract, api as unknown as Methods);
  return new StandardRPCHandler<Record<string, unknown>>(router, {
    clientInterceptors: [
      async (call) => {
        const { path, signal } = call;
        const translate = (error: unknown): unknown => translateError(error, path, signal);
        try {
          const output = await call.next();
          if (!isStream(output)) return output;
          return mapEventIterator(output, {
            value: (value) => Promise.resolve(value),
            error: (error) => Promise.resolve(translate(error)),
          });
        } catch (error) {
          throw translate(error);
        }
      },
    ],
  });
}

type Method = (input: unknown, options: CallOptions) => unknown;
interface Methods {
  [name: string]: Method | Methods;
}

function bindRouter(part: Record<string, AnyContractRouter>, owner: Methods): AnyRouter {
  const bindEntry = ([name, child]: [string, AnyContractRouter]): [string, AnyRouter] => {
    if (!isContractProcedure(child)) {
      return [name, bindRouter(child as Record<string, AnyContractRouter>, owner[name] as Methods)];
    }
    const procedure = implement(child).handler(({ input, signal, lastEventId }) =>
      // Called on its owner, so that `this` is what the implementation expects.
      (owner as Record<string, Method>)[name]?.(input, { signal, lastEventId }),
    );
    return [name, procedure];
  };
  return Object.fromEntries(Object.entries(part).map(bindEntry));
}

/** The error as it crosses: a code, a message and a remedy. What is nobody's mistake is also logged. */
function translateError(
  error: unknown,
  path: readonly string[],
  signal: AbortSignal | undefined,
): unknown {
  if (signal?.aborted === true) return error;
  if (error instanceof AfterimageError) return crossing(error.code, error.message, error.remedy);
  const call = path.join('.');
  const issues = inputIssues(error);
  if (issues !== null) {
    return crossing('INVALID_ARGUMENT', `${call}: ${issues}`, 'Correct the value and try again.');
  }
  console.error(`${call} failed:`, error);
  const message = error instanceof Error ? error.message : String(error);
  return crossing(
    'INTERNAL',
    `${call} failed: ${message}`,
    'Try again; if it fails again, report the log.',
  );
}

function crossing(code: ErrorCode, message: string, remedy: string): Error {
  return new ORPCError(code, { message, data: { remedy } });
}

/** The fields that a payload is refused for and why; null for an error that is no refusal. */
function inputIssues(error: unknown): string | null {
  if (!(error instanceof ORPCError) || error.code !== 'BAD_REQUEST') return null;
  const { issues } = error.data as { issues: { path?: PropertyKey[]; message: string }[] };
  return issues
    .slice(0, reportedIssues)
    .map(({ path, message }) => `${path?.map(String).join('.') || 'payload'}: ${message}`)
    .join('; ');
}

/** A sweep with one wrong value has one issue per run; a few tell all. */
const reportedIssues = 3;

function isStream(output: unknown): output is AsyncIteratorObject<unknown> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output;
}
