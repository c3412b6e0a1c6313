import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  findMaximisers,
  rankChannels,
  type ConceptTable,
} from '../../../../src/core/explainers/concepts.ts';
import { openWasmEngine } from '../../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { explainerCases, openGolden } from '../../../support/explainerGolden.ts';
import { relativeError } from '../../../support/golden.ts';

interface Golden {
  name: string;
  images: number[][][];
  targets: number[];
  rules: Record<'epsilon' | 'composite', { relevance: number[][]; order: number[][] }>;
}
const file = new URL('../../../golden/concepts.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Golden[] };
const engine = await openWasmEngine();

describe.each(cases)('$name', ({ name, images, targets, rules }) => {
  const network = explainerCases.find((one) => one.name === name);
  if (network === undefined) throw new Error(`no network ${name}`);

  it.each(['epsilon', 'composite'] as const)('has zennit-crp’s channels by %s', (rule) => {
    const { explainable, close } = openGolden(engine, network);
    onTestFinished(close);
    const { relevance, order } = rules[rule];
    // More than are seen at once: the same images again and again.
    const times = 5;
    const again = <T>(list: readonly T[]): T[] => Array.from({ length: times }, () => list).flat();
    const pictures = Float32Array.from(again(images).flat(2));
    const measured = explainable.channelRelevance(pictures, again(targets), rule);
    expect(relativeError(measured, again(relevance).flat())).toBeLessThan(1e-4);

    const table: ConceptTable = {
      layer: 'relu3',
      exampleIds: Uint32Array.from(targets, (_, i) => i),
      targets: Uint8Array.from(targets),
      relevance: measured.slice(0, relevance.flat().length),
    };
    order.forEach((best, channel) => {
      expect(findMaximisers(table, channel, 100)).toEqual(best);
      expect(findMaximisers(table, channel, 3)).toEqual(best.slice(0, 3));
    });
    const means = order.map((_, k) => relevance.reduce((sum, row) => sum + (row[k] ?? 0), 0) / 10);
    const whole = means.reduce((sum, mean) => sum + Math.abs(mean), 0);
    const ranked = rankChannels(table);
    expect(ranked.map(({ channel }) => channel)).toEqual(
      means.map((_, k) => k).toSorted((a, b) => (means[b] ?? 0) - (means[a] ?? 0)),
    );
    for (const { channel, relevance: mean, share } of ranked) {
      expect(mean).toBeCloseTo(means[channel] ?? Number.NaN, 4);
      expect(share).toBeCloseTo(Math.abs(means[channel] ?? Number.NaN) / whole, 4);
    }
  });
});
