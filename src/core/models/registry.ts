import type { Component } from '../config/component.ts';
import type { LayerSpec } from './layers.ts';
import { paperCnn } from './paperCnn.ts';

/** A network that runs can train. */
export interface Model extends Component {
  /** The layer whose maps are recorded unless another is chosen. */
  targetLayer: string;
  listLayers: (classes: number) => LayerSpec[];
}

export const models = [paperCnn] as const satisfies readonly Model[];
export type ModelName = (typeof models)[number]['name'];
