import { computed, shallowRef } from 'vue';
import type { ShallowRef, WritableComputedRef } from 'vue';
import { useRouter } from 'vue-router';
import type { LocationQueryValue, RouteLocationNormalized, Router } from 'vue-router';

/** How a value is written in the URL; null leaves the parameter out. */
export interface QueryCodec<T> {
  parse: (text: string | null) => T;
  format: (value: T) => string | null;
}

/** Parameters set in this tick that the router does not show yet. */
type Patch = Record<string, string | null>;
interface Pending {
  patch: ShallowRef<Patch>;
  push: boolean;
  /** Where the router is on its way to, if that is another page. */
  leavingTo: RouteLocationNormalized | null;
}
const pendings = new WeakMap<Router, Pending>();

function pendingOf(router: Router): Pending {
  return pendings.get(router) ?? startPending(router);
}

function startPending(router: Router): Pending {
  const pending: Pending = { patch: shallowRef({}), push: false, leavingTo: null };
  pendings.set(router, pending);
  router.beforeEach((to, from) => {
    pending.leavingTo = to.path === from.path ? null : to;
  });
  router.afterEach((to) => {
    if (pending.leavingTo === to) pending.leavingTo = null;
  });
  return pending;
}

const firstOf = (value: LocationQueryValue | LocationQueryValue[] | undefined): string | null =>
  (Array.isArray(value) ? value[0] : value) ?? null;

/** Sets several parameters of the current route at once; null removes one. */
export function patchQuery(router: Router, changes: Patch, history: 'push' | 'replace'): void {
  const pending = pendingOf(router);
  const isFirst = Object.keys(pending.patch.value).length === 0;
  pending.patch.value = { ...pending.patch.value, ...changes };
  pending.push ||= history === 'push';
  if (isFirst) queueMicrotask(() => void flush(router, pending));
}

async function flush(router: Router, pending: Pending): Promise<void> {
  const { patch, push, leavingTo } = pending;
  const current = router.currentRoute.value;
  const merged = { ...current.query, ...patch.value };
  const query = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
  pending.push = false;
  const sent = patch.value;
  const location = { path: current.path, query, hash: current.hash };
  await (push ? router.push(location) : router.replace(location));
  // That came before it in the history, and had to stop it.
  if (leavingTo !== null) await router.push(leavingTo.fullPath);
  if (patch.value === sent) patch.value = {};
  else {
    // Set while the router was under way: send what is new on top of it.
    const rest = Object.entries(patch.value).filter(([name, value]) => sent[name] !== value);
    patch.value = {};
    patchQuery(router, Object.fromEntries(rest), 'replace');
  }
}

/**
 * One query parameter as a ref. `history: 'push'` lets Back undo a change; 'replace' is for what
 * changes with every key stroke. Several parameters set in one tick make one navigation.
 */
export function useQueryParam<T>(
  name: string,
  codec: QueryCodec<T>,
  history: 'push' | 'replace' = 'replace',
): WritableComputedRef<T> {
  const router = useRouter();
  const pending = pendingOf(router);
  const text = computed(() => {
    const set = pending.patch.value[name];
    return set === undefined ? firstOf(router.currentRoute.value.query[name]) : set;
  });
  return computed({
    // Of the text alone: a value that is an object stays the same one while other parameters change.
    get: () => codec.parse(text.value),
    set: (value) => {
      patchQuery(router, { [name]: codec.format(value) }, history);
    },
  });
}

export const textParam = (fallback = ''): QueryCodec<string> => ({
  parse: (text) => text ?? fallback,
  format: (value) => (value === fallback ? null : value),
});

export const choiceParam = <T extends string>(
  choices: readonly T[],
  fallback: T,
): QueryCodec<T> => ({
  parse: (text) => choices.find((choice) => choice === text) ?? fallback,
  format: (value) => (value === fallback ? null : value),
});

export const flagParam: QueryCodec<boolean> = {
  parse: (text) => text === '1',
  format: (value) => (value ? '1' : null),
};

/** A finite number, or the fallback (which may be null: not set). */
export const numberParam = <T extends number | null>(fallback: T): QueryCodec<number | T> => ({
  parse: (text) => {
    if (text === null || text.trim() === '') return fallback;
    const value = Number(text);
    return Number.isFinite(value) ? value : fallback;
  },
  format: (value) => (value === fallback || value === null ? null : String(value)),
});

/** A list joined by commas, with the commas of its items escaped. */
export const listParam: QueryCodec<string[]> = {
  parse: (text) =>
    text === null || text === ''
      ? []
      : text.split(',').map((item) => item.replaceAll('%2C', ',').replaceAll('%25', '%')),
  format: (values) =>
    values.length === 0
      ? null
      : values.map((item) => item.replaceAll('%', '%25').replaceAll(',', '%2C')).join(','),
};
