import { expect, test } from 'vitest';
import { ownMutators } from '../../../scripts/mutate/mutators.ts';
import type { Node } from '../../../scripts/mutate/syntax.ts';

type Fields = Record<string, unknown>;

/** What all of them make of a node, where it is a value. */
const mutate = (node: Fields, key = 'init'): Fields[] =>
  ownMutators.flatMap((mutator) => [
    ...mutator.mutate({ node: node as unknown as Node, key } as never, {}),
  ]) as unknown as Fields[];

const name = (word: string): Fields => ({ type: 'Identifier', name: word });
const number = (value: number): Fields => ({ type: 'NumericLiteral', value });
const call = (method: string, ...args: Fields[]): Fields => ({
  type: 'CallExpression',
  callee: { type: 'MemberExpression', object: name('list'), property: name(method) },
  arguments: args,
});
const sql = (...texts: string[]): Fields => ({
  type: 'TemplateLiteral',
  expressions: texts.slice(1).map(name),
  quasis: texts.map((raw) => ({ type: 'TemplateElement', value: { raw, cooked: raw } })),
});

test('a number becomes the next one, unless it is a name', () => {
  expect(mutate(number(0.1))).toMatchObject([{ value: 1.1, extra: { raw: '1.1' } }]);
  expect(mutate(number(0))).toMatchObject([{ value: 1 }]);
  expect(mutate(number(7), 'key')).toEqual([]);
});

test('a statement is left out, and what is returned is not', () => {
  const argument = number(1);
  expect(mutate({ type: 'ExpressionStatement', expression: call('go') })).toMatchObject([
    { type: 'EmptyStatement' },
  ]);
  expect(mutate({ type: 'ReturnStatement', argument })).toMatchObject([
    { type: 'ReturnStatement', argument: null },
  ]);
  expect(mutate({ type: 'ReturnStatement', argument: null })).toEqual([]);
});

test('a call takes from the other end, and goes without its last argument', () => {
  expect(mutate(call('shift'))).toMatchObject([call('pop')]);
  expect(mutate(call('indexOf', number(1), number(2)))).toMatchObject([
    call('indexOf', number(1)),
    call('lastIndexOf', number(1), number(2)),
  ]);
  // What every object has is no other end.
  expect(mutate(call('toString'))).toEqual([]);
  expect(mutate(call('constructor'))).toEqual([]);
});

test('SQL compares otherwise, one place at a time, and its other words stay', () => {
  const texts = (node: Fields): string[] =>
    (node['quasis'] as { value: { raw: string } }[]).map(({ value }) => value.raw);
  const query = sql('SELECT * FROM runs WHERE ', ' AND epoch < ? AND name IS NULL');
  expect(mutate(query).map(texts)).toEqual([
    ['SELECT * FROM runs WHERE ', ' AND epoch <= ? AND name IS NULL'],
    ['SELECT * FROM runs WHERE ', ' AND epoch < ? AND name IS NOT NULL'],
  ]);
  expect(mutate(sql('UPDATE runs SET name = ? WHERE run_key = ?')).map(texts)).toEqual([
    ['UPDATE runs SET name = ? WHERE run_key <> ?'],
  ]);
  expect(mutate(sql('1 < 2, says a message'))).toEqual([]);
});
