/** Babel's syntax tree, as far as mutants are made of it: other kinds of nodes are passed by. */

interface Placed {
  start?: number | null | undefined;
  end?: number | null | undefined;
  loc?: { start: Position; end: Position } | null | undefined;
}

interface Position {
  line: number;
  column: number;
}

interface Quasi extends Placed {
  value: { raw: string; cooked?: string };
}

export type Node = Placed &
  (
    | { type: 'EmptyStatement' }
    | { type: 'NumericLiteral'; value: number; extra?: { rawValue: number; raw: string } }
    | { type: 'ReturnStatement'; argument?: Node | null }
    | { type: 'ExpressionStatement' }
    | { type: 'CallExpression'; callee: Node; arguments: Node[] }
    | { type: 'MemberExpression'; property: Node }
    | { type: 'Identifier'; name: string }
    | { type: 'TemplateLiteral'; quasis: Quasi[] }
  );

/** Where a node is. */
export interface NodePath {
  node: Node;
  /** What its parent calls it. */
  key: string | number | null;
  hub: { file: { opts: { filename: string } } };
}

/** What Stryker asks for the mutants of a node: each replacement that it yields is one. */
export interface Mutator {
  name: string;
  mutate(path: NodePath, context: unknown): Iterable<Node>;
}
