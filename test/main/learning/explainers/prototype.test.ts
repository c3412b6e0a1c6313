import { beforeAll, expect, it, onTestFinished } from 'vitest';
import type { Likeness } from '../../../../src/core/explainers/explanation.ts';
import { explainersOf } from '../../../../src/core/explainers/registry.ts';
import { reconstructCam } from '../../../../src/core/maps/cam.ts';
import { describeModel } from '../../../../src/core/models/network.ts';
import { Random } from '../../../../src/core/random.ts';
import type { Engine } from '../../../../src/main/learning/engine/engine.ts';
import { openWasmEngine } from '../../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { openExplainable } from '../../../../src/main/learning/explainers/explainable.ts';
import { explainByPrototype } from '../../../../src/main/learning/explainers/prototype.ts';
import {
  flattenParameters,
  initializeParameters,
  nameParameters,
} from '../../../../src/main/learning/model/parameters.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openWasmEngine();
});

const [imageSize, classes, targetClass] = [16, 3, 1];
const choice = { name: 'protopnet', prototypesPerClass: 2, prototypeChannels: 4 } as const;
const image = Float32Array.from({ length: imageSize ** 2 }, (_, i) => (i * 0.618) % 1);

/** Of three classes with two prototypes each; the second of the second class is the image's own patch. */
function open() {
  const model = describeModel(choice, { imageSize }, classes);
  const parts = { engine, model, normalization: { mean: 0.4, standardDeviation: 0.3 } };
  const opened = openExplainable({ ...parts, targetLayer: 'addOn2.sigmoid' });
  onTestFinished(opened.close);
  const random = Random.fromSeed(3);
  const parameters = initializeParameters(model.parameters, random);
  const statistics = initializeParameters(model.statistics, random);
  opened.setWeights([parameters, statistics]);
  const maps = opened.explainable.activations(image);
  const named = nameParameters(parameters, model.parameters);
  const kept = nameParameters(statistics, model.statistics);
  // Row 2, column 1 of a map of 4 x 4.
  named['prototypes/vectors']?.values.set(maps.slice(9 * 4, 10 * 4), 3 * 4);
  kept['prototypes/source']?.values.set([77, 2, 1, 5], 3 * 4);
  opened.setWeights([
    flattenParameters(named, model.parameters),
    flattenParameters(kept, model.statistics),
  ]);
  return { network: opened.explainable, maps, vectors: named['prototypes/vectors']?.values };
}

function ask(network: ReturnType<typeof open>['network'], prototype: number | null) {
  let likeness: Likeness | null = null;
  const question = {
    ...{ image, targetClass, random: Random.fromSeed(1), background: new Float32Array(0) },
    tell: (told: Likeness) => {
      likeness = told;
    },
  };
  const map = explainByPrototype(network, question, { prototype });
  return { map, likeness: likeness as Likeness | null };
}

it('finds the prototype that the image is most like, and where it is so', () => {
  const { map, likeness } = ask(open().network, null);
  expect(likeness).toMatchObject({
    ...{ prototype: 2, prototypes: 2, mapSize: 4 },
    patch: { image: 77, row: 2, column: 1, epoch: 5 },
  });
  expect(likeness?.similarity).toBeCloseTo(Math.log(1e4), 3);
  const brightest = map.indexOf(Math.max(...map));
  expect(Math.floor(brightest / imageSize / 4)).toBe(2);
  expect(Math.floor((brightest % imageSize) / 4)).toBe(1);
});

it('draws the likeness to the one asked for, which is no patch yet', () => {
  const { network, maps, vectors = [] } = open();
  const { map, likeness } = ask(network, 1);
  expect(likeness).toMatchObject({ prototype: 1, patch: null });
  const expected = Float32Array.from({ length: 16 }, (_, place) => {
    const apart = [0, 1, 2, 3].map((k) => (maps[place * 4 + k] ?? 0) - (vectors[2 * 4 + k] ?? 0));
    const d = apart.reduce((sum, difference) => sum + difference ** 2, 0);
    return Math.log((d + 1) / (d + 1e-4));
  });
  expect(likeness?.similarity).toBeCloseTo(Math.max(...expected), 4);
  const wanted = reconstructCam(expected, 4, imageSize);
  wanted.forEach((value, i) => {
    expect(map[i]).toBeCloseTo(value, 4);
  });
});

it('refuses a prototype that the class has not, and a network without any', () => {
  const { network } = open();
  expect(() => ask(network, 3)).toThrow('There is no prototype 3 of a class.');
  expect(() => ask({ ...network, prototypes: null }, null)).toThrow('has no prototypes');
});

it('is offered for the models that have prototypes', () => {
  expect(explainersOf(choice)).toContain('prototype');
  const others = explainersOf({ name: 'resnet' });
  expect(others).not.toContain('prototype');
  expect(others).toContain('lime');
});
