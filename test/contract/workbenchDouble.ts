import { createHandler } from '../../src/main/router.ts';
import type { CallOptions, Handler, WorkbenchApi } from '../../src/main/router.ts';

type Part<Api> = {
  [Key in keyof Api]?: Api[Key] extends CallableFunction ? Api[Key] : Part<Api[Key]>;
};

/** Serves only the calls that a test needs; any other fails as a fault of the program would. */
export function handlerOf(api: Part<WorkbenchApi>): Handler {
  return createHandler(api as WorkbenchApi);
}

/** A call that says when it has begun and lasts until its caller cancels it. */
export class EndlessCall {
  readonly #begun = Promise.withResolvers<undefined>();
  readonly #cancelled = Promise.withResolvers<undefined>();

  get begun(): Promise<undefined> {
    return this.#begun.promise;
  }

  get cancelled(): Promise<undefined> {
    return this.#cancelled.promise;
  }

  async run({ signal }: CallOptions): Promise<never> {
    this.#begun.resolve(undefined);
    return new Promise((_, reject) => {
      signal?.addEventListener('abort', () => {
        this.#cancelled.resolve(undefined);
        reject(new Error('cancelled'));
      });
    });
  }
}
