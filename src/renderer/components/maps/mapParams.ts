import { computed } from 'vue';
import type { Ref, WritableComputedRef } from 'vue';
import {
  choiceParam,
  flagParam,
  numberParam,
  useQueryParam,
} from '../../composables/useQueryParam.ts';
import type { QueryCodec } from '../../composables/useQueryParam.ts';
import { useSettledParam } from '../../composables/useSettledParam.ts';
import { colorMapNames, colorTable, defaultColorMap } from '../../maps/colorMaps.ts';
import type { ColorMapName, ColorTable } from '../../maps/colorMaps.ts';

export const defaultOpacity = 0.55;

/** How maps are scaled up: to squares, interpolated once more, or each native value as a square. */
export const pixelModes = ['squares', 'smooth', 'native'] as const;
export type PixelMode = (typeof pixelModes)[number];

/** Since there were two modes, the second is called 1. */
const pixelsParam: QueryCodec<PixelMode> = {
  parse: (text) => (text === '1' ? 'smooth' : text === 'native' ? text : 'squares'),
  format: (mode) => (mode === 'squares' ? null : mode === 'smooth' ? '1' : mode),
};

export interface MapParams {
  colorMap: WritableComputedRef<ColorMapName>;
  table: Readonly<Ref<ColorTable>>;
  /** Of the map over the image, 0 to 1. */
  opacity: WritableComputedRef<number>;
  pixels: WritableComputedRef<PixelMode>;
  /** Outlines of the masks that the data set brings. */
  outlined: WritableComputedRef<boolean>;
}

/** How maps are drawn: the part of the URL that every view with maps shares. */
export function useMapParams(): MapParams {
  const colorMap = useQueryParam('map', choiceParam(colorMapNames, defaultColorMap));
  const opacity = useSettledParam(useQueryParam('opacity', numberParam(defaultOpacity)));
  return {
    colorMap,
    table: computed(() => colorTable(colorMap.value)),
    opacity: computed({
      get: () => Math.min(Math.max(opacity.value, 0), 1),
      set: (value) => {
        opacity.value = value;
      },
    }),
    pixels: useQueryParam('smooth', pixelsParam),
    outlined: useQueryParam('mask', flagParam),
  };
}
