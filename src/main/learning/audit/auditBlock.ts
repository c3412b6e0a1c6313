import { joinFloats } from '../../../core/arrays.ts';
import type { Network } from '../../../core/models/network.ts';
import { Random } from '../../../core/random.ts';
import { softmax } from '../../../core/softmax.ts';
import { agreementColumn, type AuditedName, type AuditRequest } from '../../../core/trust/audit.ts';
import { sensitivityDraws } from '../../../core/trust/mapMeasures.ts';
import { removalBaselines } from '../../../core/trust/removal.ts';
import { computeMaxSensitivity, sensitivityRadius } from '../../../core/trust/sensitivity.ts';
import type { Explainable } from '../explainers/explainable.ts';
import { scoreImages } from '../explainers/method.ts';
import { listReferences, toPlane, type AuditedImage, type Plane } from './auditedImages.ts';
import type { ColumnWriter } from './columns.ts';
import { explainBatch, type Batch } from './explainBatch.ts';
import { createSimilarities, measureMap, type Ends, type Similarities } from './measureMap.ts';
import { randomise, type NetworkState } from './randomised.ts';

/** Maps of some images, by the methods' names. */
type Planes = ReadonlyMap<AuditedName, Plane[]>;

/** Some images under the network of one epoch. */
export interface Block {
  request: AuditRequest;
  model: Network;
  network: Explainable;
  setWeights: (state: NetworkState) => void;
  state: NetworkState;
  images: readonly AuditedImage[];
  /** Where the first of them stands in the columns. */
  from: number;
  /** The classes to explain, of each image. */
  targets: Uint32Array;
  background: Float32Array;
  /** Of the epoch audited before. */
  earlier: Planes | null;
  writerOf: (name: AuditedName) => ColumnWriter;
}

const mean = (values: readonly number[]): number => {
  const defined = values.filter((value) => !Number.isNaN(value));
  return defined.reduce((sum, value) => sum + value, 0) / defined.length;
};

const batchOf = ({ images, targets, background }: Block): Batch => ({
  ...{ targets, background },
  images: joinFloats(images.map(({ image }) => image)),
  seeds: Uint32Array.from(images, ({ seed }) => seed),
});

/** The class's probability of each image, and where all of it was taken away. */
function scoreEnds({ network, images, targets }: Block): Ends[] {
  const shown = images.flatMap(({ image, baselines }) => [
    image,
    ...removalBaselines.map((name) => baselines[name]),
  ]);
  const logits = network.logits(joinFloats(shown));
  const each = 1 + removalBaselines.length;
  const score = (image: number, of: number): number => {
    const at = (image * each + of) * network.classes;
    return softmax(logits.subarray(at, at + network.classes))[targets[image] ?? 0] ?? 0;
  };
  return images.map((_, i) => ({
    imageScore: score(i, 0),
    baselineScores: Object.fromEntries(
      removalBaselines.map((name, k) => [name, score(i, k + 1)]),
    ) as Ends['baselineScores'],
  }));
}

interface Explained {
  name: AuditedName;
  maps: Float32Array[];
  planes: Plane[];
}

/** What every map says by itself. */
function measureMaps(block: Block, explained: readonly Explained[], similar: Similarities): void {
  const { network, request, images, targets, from } = block;
  const ends = scoreEnds(block);
  for (const { name, maps, planes } of explained) {
    const writer = block.writerOf(name);
    images.forEach((image, i) => {
      const asked = { targetClass: targets[i] ?? 0, score: 'probability' } as const;
      const values = measureMap(maps[i] as Float32Array, planes[i] as Plane, image, {
        ...{ similar, format: request, ends: ends[i] as Ends },
        score: (count, fill) => scoreImages(network, asked, count, fill),
      });
      writer.putAll(from + i, values);
    });
  }
}

/** Rank correlations of methods with each other, and with themselves at the epoch before. */
function compareMethods(block: Block, explained: readonly Explained[], { rank }: Similarities) {
  const { images, from, earlier } = block;
  for (const { name, planes } of explained) {
    const writer = block.writerOf(name);
    const before = earlier?.get(name);
    const others = explained.filter((other) => other.name !== name);
    images.forEach((_, i) => {
      const own = planes[i] as Plane;
      const each = others.map((other) => rank(own, other.planes[i] as Plane));
      others.forEach((other, k) => {
        writer.put(agreementColumn(other.name), from + i, each[k] ?? Number.NaN);
      });
      writer.put('agreement', from + i, mean(each));
      writer.put('stability', from + i, before ? rank(own, before[i] as Plane) : Number.NaN);
    });
  }
}

/** How far maps move where every value of the images does a little. */
function measureSensitivity(block: Block, batch: Batch, explained: readonly Explained[]): void {
  const { request, network, images, from } = block;
  const draws = images.map(({ seed }) => Random.fromSeed(seed));
  const length = batch.images.length / images.length;
  const changed = Array.from({ length: sensitivityDraws }, () => ({
    ...batch,
    images: batch.images.map(
      (value, i) =>
        value +
        (draws[Math.floor(i / length)]?.uniform(-sensitivityRadius, sensitivityRadius) ?? 0),
    ),
  }));
  const others = changed.map((one) => explainBatch(network, one, request.methods));
  request.methods.forEach(({ name }, k) => {
    const writer = block.writerOf(name);
    explained[k]?.maps.forEach((map, i) => {
      const moved = others.map((maps) => maps[k]?.[i] as Float32Array);
      writer.put('maxSensitivity', from + i, computeMaxSensitivity(map, moved));
    });
  });
}

/** How alike maps stay while the network's layers become random. */
function measureRandomised(
  block: Block,
  batch: Batch,
  explained: readonly Explained[],
  similar: Similarities,
): void {
  const { request, model, state, network, images, from } = block;
  const states = randomise(model, state, Random.fromSeed(request.seed));
  for (const kind of ['cascade', 'independent'] as const) {
    states[kind].forEach((randomised, step) => {
      block.setWeights(randomised);
      const place = [step, states[kind].length] as const;
      explainBatch(network, batch, request.methods).forEach((maps, k) => {
        const writer = block.writerOf(explained[k]?.name as AuditedName);
        maps.forEach((map, i) => {
          const [own, other] = [explained[k]?.planes[i] as Plane, toPlane(map)];
          writer.putPoint(`${kind}/rank`, from + i, place, similar.rank(own, other));
          writer.putPoint(`${kind}/ssim`, from + i, place, similar.ssim(own, other));
          if (kind === 'independent' || step < states[kind].length - 1) return;
          const like = similar.rank(other, images[i]?.like.image as Plane);
          writer.put('randomisedSimilarity', from + i, like);
        });
      });
    });
  }
  summarizeRandomised(block, states.cascade.length);
}

/** The last point of cascades, and the mean over single layers. */
function summarizeRandomised({ request, writerOf, images, from }: Block, points: number): void {
  for (const { name } of request.methods) {
    const writer = writerOf(name);
    const curveOf = (column: string, image: number): number[] =>
      Array.from(writer.columns[column]?.subarray(image * points, (image + 1) * points) ?? []);
    for (const [kind, title] of [
      ['rank', 'Rank'],
      ['ssim', 'Ssim'],
    ] as const) {
      images.forEach((_, i) => {
        const last = curveOf(`cascade/${kind}`, from + i).at(-1) ?? Number.NaN;
        writer.put(`cascade${title}`, from + i, last);
        writer.put(`independent${title}`, from + i, mean(curveOf(`independent/${kind}`, from + i)));
      });
    }
  }
}

/** Audits some images under one epoch's network. @returns its maps, for the epoch after it */
export function auditBlock(block: Block): Planes {
  const { request, images, state } = block;
  const similar = createSimilarities(request.imageSize);
  const batch = batchOf(block);
  block.setWeights(state);
  const explained = explainBatch(block.network, batch, request.methods).map(
    (maps, k): Explained => ({
      name: request.methods[k]?.name as AuditedName,
      ...{ maps, planes: maps.map(toPlane) },
    }),
  );
  const references = listReferences(images).map((one): Explained => ({
    ...one,
    planes: one.maps.map(toPlane),
  }));
  measureMaps(block, [...explained, ...references], similar);
  compareMethods(block, explained, similar);
  measureSensitivity(block, batch, explained);
  measureRandomised(block, batch, explained, similar);
  return new Map(explained.map(({ name, planes }) => [name, planes]));
}
