import type { Mutator, Node } from './syntax.ts';

/** A node of its own with other fields: Stryker places original and mutant side by side. */
function alter<T extends Node>(node: T, change: Partial<T>): T {
  const copy = JSON.parse(JSON.stringify(node)) as T;
  return Object.assign(copy, change);
}

/** n becomes n + 1, and 0 so 1. */
const numbers: Mutator = {
  name: 'NumericLiteral',
  *mutate({ node, key }) {
    if (node.type !== 'NumericLiteral' || key === 'key') return;
    const { value } = node;
    yield { ...node, value: value + 1, extra: { rawValue: value + 1, raw: String(value + 1) } };
  },
};

/** A statement is left out; a value that is returned is not. */
const statements: Mutator = {
  name: 'StatementRemoval',
  *mutate({ node }) {
    if (node.type === 'ReturnStatement' && node.argument) yield alter(node, { argument: null });
    if (node.type === 'ExpressionStatement') {
      const { loc, start, end } = node;
      yield { type: 'EmptyStatement', loc, start, end };
    }
  },
};

const otherEnds: ReadonlyMap<string, string> = new Map(
  Object.entries({
    shift: 'pop',
    pop: 'shift',
    push: 'unshift',
    unshift: 'push',
    find: 'findLast',
    findLast: 'find',
    findIndex: 'findLastIndex',
    indexOf: 'lastIndexOf',
    floor: 'ceil',
    ceil: 'floor',
  }),
);

/** A call takes from the other end, or goes without its last argument. */
const calls: Mutator = {
  name: 'Call',
  *mutate({ node }) {
    if (node.type !== 'CallExpression') return;
    if (node.arguments.length > 1) {
      const copy = alter(node, {});
      copy.arguments.pop();
      yield copy;
    }
    const { callee } = node;
    if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
    const other = otherEnds.get(callee.property.name);
    if (other === undefined) return;
    yield alter(node, {
      callee: alter(callee, { property: alter(callee.property, { name: other }) }),
    });
  },
};

/** Comparisons in SQL by what each becomes. */
const comparisons: readonly (readonly [RegExp, string])[] = [
  [/ < /, ' <= '],
  [/ <= /, ' < '],
  [/ > /, ' >= '],
  [/ >= /, ' > '],
  [/(?<=\b(?:WHERE|AND|ON|OR)\b[^=]*) = /, ' <> '],
  [/ IS NULL/, ' IS NOT NULL'],
  [/ IS NOT NULL/, ' IS NULL'],
];

/** One comparison in a literal that is a statement of SQL. */
const queries: Mutator = {
  name: 'SqlComparison',
  *mutate({ node }) {
    if (
      node.type !== 'TemplateLiteral' ||
      !/\b(SELECT|UPDATE|DELETE)\b/.test(JSON.stringify(node))
    ) {
      return;
    }
    for (const [i, { value }] of node.quasis.entries()) {
      for (const [from, to] of comparisons) {
        const raw = value.raw.replace(from, to);
        if (raw === value.raw) continue;
        const copy = alter(node, {});
        Object.assign(copy.quasis[i] ?? {}, { value: { raw, cooked: raw } });
        yield copy;
      }
    }
  },
};

/** What Stryker does not have: it leaves numbers, statements, arguments and SQL as they are. */
export const ownMutators: readonly Mutator[] = [numbers, statements, calls, queries];
