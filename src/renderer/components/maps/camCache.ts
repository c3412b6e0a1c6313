import { mapsFor } from '../../examples/exampleHistory.ts';
import type { ExampleHistory, TargetClass } from '../../examples/exampleHistory.ts';
import { readMap, stretch } from '../../maps/storedMaps.ts';
import type { MapLook } from '../../maps/storedMaps.ts';

const asTrained: MapLook = { native: false, unit: null };

/** The cam of one frame, reconstructed once however many canvases show it. */
export class CamCache {
  #cam = new Float32Array(0);
  #history: ExampleHistory | null = null;
  #index = -1;
  #target: TargetClass = 'predicted';
  #look = asTrained;

  /** [imageSize, imageSize] in [0,1]; overwritten by the next call for another frame. */
  read(
    history: ExampleHistory,
    index: number,
    target: TargetClass,
    look: MapLook = asTrained,
  ): Float32Array {
    const isKept =
      this.#history === history &&
      this.#index === index &&
      this.#target === target &&
      this.#look.native === look.native &&
      this.#look.unit === look.unit;
    if (isKept) return this.#cam;
    const { imageSize } = history;
    if (this.#cam.length !== imageSize ** 2) this.#cam = new Float32Array(imageSize ** 2);
    const maps = mapsFor(history, index, target);
    readMap(maps, index, { imageSize, native: look.native }, this.#cam);
    stretch(this.#cam, maps.scales[index] ?? 0, look.unit);
    this.#history = history;
    this.#index = index;
    this.#target = target;
    this.#look = look;
    return this.#cam;
  }
}
