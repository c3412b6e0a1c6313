import { mapsFor } from '../../examples/exampleHistory.ts';
import type { ExampleHistory, TargetClass } from '../../examples/exampleHistory.ts';
import { camReader } from '../../maps/storedMaps.ts';

/** The cam of one frame, reconstructed once however many canvases show it. */
export class CamCache {
  #cam = new Float32Array(0);
  #history: ExampleHistory | null = null;
  #index = -1;
  #target: TargetClass = 'predicted';

  /** [imageSize, imageSize] in [0,1]; overwritten by the next call for another frame. */
  read(history: ExampleHistory, index: number, target: TargetClass): Float32Array {
    const isKept = this.#history === history && this.#index === index && this.#target === target;
    if (isKept) return this.#cam;
    const { imageSize } = history;
    if (this.#cam.length !== imageSize ** 2) this.#cam = new Float32Array(imageSize ** 2);
    const maps = mapsFor(history, index, target);
    camReader(maps.mapSize, imageSize)(maps, index, this.#cam);
    this.#history = history;
    this.#index = index;
    this.#target = target;
    return this.#cam;
  }
}
