import { decodeSafetensors } from '../../../core/formats/safetensors.ts';
import { describeModel, type Network } from '../../../core/models/network.ts';
import { readOptions } from '../../../core/explainers/options.ts';
import { explainers } from '../../../core/explainers/registry.ts';
import { scaleLevels } from '../../../core/pixels.ts';
import {
  auditVersion,
  referenceNames,
  type AuditedMethod,
  type AuditedName,
  type AuditRequest,
} from '../../../core/trust/audit.ts';
import { faithfulnessPasses } from '../../../core/trust/faithfulness.ts';
import { sensitivityDraws } from '../../../core/trust/mapMeasures.ts';
import { removalBaselines } from '../../../core/trust/removal.ts';
import type { Report } from '../../platform/threads.ts';
import type { Engine } from '../engine/engine.ts';
import { openExplainable } from '../explainers/explainable.ts';
import { imagesAtOnce } from '../explainers/method.ts';
import { flattenParameters } from '../model/parameters.ts';
import { prepareImages } from './auditedImages.ts';
import { auditBlock, type Block } from './auditBlock.ts';
import { listLayerMethods } from './explainBatch.ts';
import { ColumnWriter } from './columns.ts';
import { listRandomised, type NetworkState } from './randomised.ts';

/** Most images that the network sees for all that is asked. */
export function countPasses(request: AuditRequest, channels: number, randomised: number): number {
  const maps = 1 + sensitivityDraws + 2 * randomised;
  const ofMethods = request.methods.map(({ name, options }) => {
    const sizes = { imageSize: request.imageSize, channels };
    return maps * explainers[name].passes(readOptions(name, options) as never, sizes);
  });
  const tested = request.methods.length + referenceNames.length;
  const ofMaps = tested * faithfulnessPasses + 1 + removalBaselines.length;
  const ofImage = ofMethods.reduce((sum, count) => sum + count, ofMaps);
  return request.epochs.length * request.exampleIds.length * ofImage;
}

/** What is audited: a column writer for every way to explain at every epoch. */
function openWriters(request: AuditRequest): Map<string, ColumnWriter> {
  const names = listAudited(request);
  return new Map(
    request.epochs.flatMap(({ epoch }) =>
      names.map((name) => [`${epoch} ${name}`, new ColumnWriter(request.exampleIds.length)]),
    ),
  );
}

const listAudited = ({ methods }: AuditRequest): AuditedName[] => [
  ...methods.map(({ name }) => name),
  ...referenceNames,
];

function readState(weights: Uint8Array, { parameters, statistics }: Network): NetworkState {
  const { tensors } = decodeSafetensors(weights, 'the weights of an epoch');
  return [parameters, statistics].map((specs) => flattenParameters(tensors, specs));
}

function collect(
  request: AuditRequest,
  writers: ReadonlyMap<string, ColumnWriter>,
  layers: string[],
): AuditedMethod[] {
  const { seed, exampleIds, methods, epochs } = request;
  return epochs.flatMap(({ epoch, targets }) =>
    listAudited(request).map((method): AuditedMethod => {
      const { options = {} } = methods.find(({ name }) => name === method) ?? {};
      return {
        ...{ epoch, method, exampleIds, targets },
        settings: { version: auditVersion, seed, options, layers },
        columns: writers.get(`${epoch} ${method}`)?.columns ?? {},
      };
    }),
  );
}

/**
 * Audits every method, and the maps that no network made, at every epoch, some images at a time. What is
 * drawn for an image follows from the seed and its number alone.
 */
export function computeAudit(
  engine: Engine,
  request: AuditRequest,
  report: Report = () => undefined,
): AuditedMethod[] {
  const model = describeModel(request.model, request, request.classes);
  const layers = listRandomised(model);
  const progress = { step: '', done: 0, total: 0 };
  const onImages = (images: number): void => {
    progress.done += images;
    report({ ...progress });
  };
  const { targetLayer } = request;
  const together = listLayerMethods(request.methods);
  const opened = openExplainable({
    ...{ engine, model, targetLayer, normalization: request, together, onImages },
  });
  progress.total = countPasses(request, opened.explainable.layer.channels, layers.length);
  const writers = openWriters(request);
  const states = request.epochs.map(({ weights }) => readState(weights, model));
  const background = scaleLevels(request.background);
  let audited = 0;
  try {
    for (let from = 0; from < request.exampleIds.length; from += imagesAtOnce) {
      const to = Math.min(request.exampleIds.length, from + imagesAtOnce);
      const images = prepareImages(request, from, to);
      let earlier: Block['earlier'] = null;
      request.epochs.forEach(({ epoch, targets }, i) => {
        progress.step = `Epoch ${epoch}, images ${from + 1} to ${to}`;
        earlier = auditBlock({
          ...{ request, model, images, from, earlier, background },
          ...{ network: opened.explainable, setWeights: opened.setWeights },
          state: states[i] ?? [],
          targets: targets.subarray(from, to),
          writerOf: (name) => writers.get(`${epoch} ${name}`) ?? new ColumnWriter(0),
        });
        // Images that are like others were not shown.
        audited += to - from;
        const share = audited / (request.exampleIds.length * request.epochs.length);
        onImages(Math.round(share * progress.total) - progress.done);
      });
    }
    return collect(request, writers, layers);
  } finally {
    opened.close();
  }
}
