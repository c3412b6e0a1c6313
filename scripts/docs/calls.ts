import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { z } from 'zod';
import { contract } from '../../src/shared/contract.ts';
import { writeTable } from './markdown.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

interface Procedure {
  '~orpc': { inputSchema?: z.ZodType; outputSchema?: z.ZodType };
}

const contractPath = new URL('../../src/shared/contract.ts', import.meta.url);

const isProcedure = (value: unknown): value is Procedure =>
  typeof value === 'object' && value !== null && '~orpc' in value;

/** The comment's text in one line. */
const cleanComment = (comment: string): string =>
  comment
    .replace(/^\/\*\*|\*\/$/g, '')
    .replace(/^\s*\* ?/gm, '')
    .replace(/\s+/g, ' ')
    .trim();

/** What stands above each call in the contract's source, by its dotted name. */
function readComments(): Map<string, string> {
  const source = readFileSync(contractPath, 'utf8');
  const file = ts.createSourceFile('contract.ts', source, ts.ScriptTarget.Latest, true);
  const comments = new Map<string, string>();
  const visit = (literal: ts.ObjectLiteralExpression, path: readonly string[]): void => {
    for (const property of literal.properties) {
      if (!ts.isPropertyAssignment(property)) continue;
      const own = [...path, property.name.getText(file)];
      const [comment] = ts.getLeadingCommentRanges(source, property.getFullStart()) ?? [];
      if (comment)
        comments.set(own.join('.'), cleanComment(source.slice(comment.pos, comment.end)));
      if (ts.isObjectLiteralExpression(property.initializer)) visit(property.initializer, own);
    }
  };
  file.forEachChild((node) => {
    if (!ts.isVariableStatement(node)) return;
    for (const { name, initializer } of node.declarationList.declarations) {
      if (name.getText(file) !== 'contract' || initializer === undefined) continue;
      if (ts.isObjectLiteralExpression(initializer)) visit(initializer, []);
    }
  });
  return comments;
}

const isLimit = (value: unknown): value is number =>
  typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER;

function writeLimits(schema: JsonSchema): string {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = schema;
  const low = [exclusiveMinimum, minimum, schema.minLength, schema.minItems].find(isLimit);
  const high = [exclusiveMaximum, maximum, schema.maxLength, schema.maxItems].find(isLimit);
  if (low !== undefined && high !== undefined) return ` (${low} to ${high})`;
  if (low !== undefined) return ` (from ${low})`;
  return high === undefined ? '' : ` (up to ${high})`;
}

function writeType(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined)
    return schema.enum.map((value) => JSON.stringify(value)).join(' or ');
  if (schema.anyOf !== undefined) {
    return schema.anyOf.map((part) => writeType(part)).join(' or ');
  }
  if (schema.type === 'array') {
    return `list of ${writeType((schema.items ?? {}) as JsonSchema)}${writeLimits(schema)}`;
  }
  if (schema.type === 'object') return 'object';
  return `${String(schema.type ?? 'bytes')}${writeLimits(schema)}`;
}

function writeInput(schema: z.ZodType | undefined): string {
  const json = z.toJSONSchema(schema ?? z.void(), { io: 'input', unrepresentable: 'any' });
  const fields = Object.entries(json.properties ?? {});
  if (fields.length === 0) return 'Takes nothing.';
  const rows = fields.map(([name, field]) => {
    const isNeeded = json.required?.includes(name) === true;
    return [`\`${name}\``, writeType(field as JsonSchema), isNeeded ? 'yes' : 'no'];
  });
  return writeTable(['field', 'type', 'needed'], rows);
}

const listCalls = (router: object, path: readonly string[] = []): [string, Procedure][] =>
  Object.entries(router).flatMap(([key, value]: [string, unknown]): [string, Procedure][] => {
    const own = [...path, key];
    if (isProcedure(value)) return [[own.join('.'), value]];
    return typeof value === 'object' && value !== null ? listCalls(value, own) : [];
  });

/** Every call of the contract between the workbench and its pages. */
export function writeCalls(): string {
  const comments = readComments();
  const calls = listCalls(contract).map(([name, procedure]) => {
    const comment = comments.get(name);
    const said = comment === undefined ? '' : `${comment}\n\n`;
    return `## ${name}\n\n${said}${writeInput(procedure['~orpc'].inputSchema)}`;
  });
  return `# Calls

What the pages of the workbench ask of it, over a message port in its own window and over a socket in a
browser. \`src/shared/contract.ts\` has the types of the answers. Every input is checked against its schema;
errors have a code, a message and a remedy.

${calls.join('\n\n')}
`;
}
