import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadFigure } from '../../../src/core/figures/gather.ts';
import { registry } from '../../../src/core/figures/registry.ts';
import { parseFigureSpec, templates } from '../../../src/core/figures/spec.ts';

const figuresFolder = resolve('src/core/figures');

/** A module and all that it brings along at once: not what it imports later, nor types. */
function listModules(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  const statements = readFileSync(path, 'utf8').matchAll(
    /^(?:import|export)\s+(?!type\b)[^;]*?from '(\.[^']+)';/gm,
  );
  for (const [, target = ''] of statements) listModules(resolve(dirname(path), target), seen);
  return seen;
}

describe('the registry', () => {
  it.each(templates)('has %s under the name that its specifications give', async (template) => {
    expect(registry[template].schema.shape.template.value).toBe(template);
    expect(Object.keys(await loadFigure(template)).sort()).toEqual([
      'caption',
      'draw',
      'gather',
      'tabulate',
    ]);
  });

  it('gives specifications without bringing along how anything is drawn', () => {
    const modules = [...listModules(resolve(figuresFolder, 'spec.ts'))]
      .map((path) => relative(figuresFolder, path))
      .filter((path) => !path.startsWith('..'));
    expect(modules).toContain('cam-pair/spec.ts');
    const drawing = modules.filter((path) =>
      /^(drawing|charts|maps)\/|\/figure\.ts$|(^|\/)gather\.ts$/.test(path),
    );
    expect(drawing).toEqual([]);
  });

  it('refuses a name that only looks like a template', () => {
    expect(() => parseFigureSpec({ template: 'toString' })).toThrow('unknown template "toString"');
  });
});
