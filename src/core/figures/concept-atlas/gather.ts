import { findMaximisers, rankChannels, type RankedChannel } from '../../explainers/concepts.ts';
import { showImage } from '../maps/gather.ts';
import { findRun, labelRun, resolveEpoch } from '../runs.ts';
import type { FigureSource } from '../source.ts';
import type { ConceptAtlasData } from './figure.ts';
import type { ConceptAtlasSpec } from './spec.ts';

export async function gather(
  spec: ConceptAtlasSpec,
  source: FigureSource,
): Promise<ConceptAtlasData> {
  const run = findRun(source, spec.run);
  const epoch = resolveEpoch(run, spec.epoch);
  const { target, rule, among: examples, note } = spec;
  const table = await source.weighChannels(run.id, { epoch, target, examples, rule });
  const showOne = async (place: number, { channel }: RankedChannel) => {
    const exampleId = table.exampleIds[place] ?? 0;
    const methods = [{ name: 'crp' as const, options: { rule, channel } }];
    const query = { epoch, target: table.targets[place] ?? 0, methods, seed: 0 };
    const image = await showImage(source, run, exampleId);
    return { image, explained: await source.explain(run.id, exampleId, query) };
  };
  const rows: ConceptAtlasData['rows'] = [];
  for (const ranked of rankChannels(table).slice(0, spec.channels)) {
    const images: ConceptAtlasData['rows'][number]['images'] = [];
    for (const place of findMaximisers(table, ranked.channel, spec.images)) {
      images.push(await showOne(place, ranked));
    }
    rows.push({ ...ranked, images });
  }
  const { layer, exampleIds } = table;
  return { run: labelRun(run), epoch, layer, rule, target, among: exampleIds.length, rows, note };
}
