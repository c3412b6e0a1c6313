import type { Likeness } from '../../../core/explainers/explanation.ts';
import { invalidArgument } from '../../../core/errors.ts';
import { reconstructCam } from '../../../core/maps/cam.ts';
import type { PrototypesOf } from './prototypesOf.ts';
import type { Method } from './method.ts';

/** The likeness of each patch of a map to one prototype, [h, w]. */
function takeMap({ values, count }: ReturnType<PrototypesOf['similarities']>, prototype: number) {
  return Float32Array.from(
    { length: values.length / count },
    (_, place) => values[place * count + prototype] ?? 0,
  );
}

/** The number of the prototype of a class that a choice means, from 0 on of all. */
function choosePrototype(
  of: ReturnType<PrototypesOf['similarities']>,
  first: number,
  perClass: number,
  chosen: number | null,
): number {
  if (chosen !== null && chosen > perClass) {
    throw invalidArgument(
      `There is no prototype ${chosen} of a class.`,
      `Each class has ${perClass}, from 1 to ${perClass}.`,
    );
  }
  if (chosen !== null) return first + chosen - 1;
  const best = Array.from({ length: perClass }, (_, i) => Math.max(...takeMap(of, first + i)));
  return first + best.indexOf(Math.max(...best));
}

function describe(
  prototypes: PrototypesOf,
  prototype: number,
  perClass: number,
  map: Float32Array,
): Likeness {
  const [image = -1, row = 0, column = 0, epoch = 0] = prototypes.source(prototype);
  return {
    ...{ prototype: (prototype % perClass) + 1, prototypes: perClass },
    similarity: Math.max(...map),
    mapSize: Math.sqrt(map.length),
    patch: image < 0 ? null : { image, row, column, epoch },
  };
}

/** The likeness to a prototype of the class: the one asked for, or the one of most likeness. */
export const explainByPrototype: Method<'prototype'> = (network, question, { prototype }) => {
  const { prototypes, classes, imageSize } = network;
  if (prototypes === null) {
    throw invalidArgument(
      'The network has no prototypes to explain by.',
      'Choose another method, or a run of a model with prototypes.',
    );
  }
  const similarities = prototypes.similarities(question.image);
  const perClass = similarities.count / classes;
  const first = question.targetClass * perClass;
  const chosen = choosePrototype(similarities, first, perClass, prototype);
  const map = takeMap(similarities, chosen);
  const likeness = describe(prototypes, chosen, perClass, map);
  question.tell?.(likeness);
  return reconstructCam(map, likeness.mapSize, imageSize);
};
