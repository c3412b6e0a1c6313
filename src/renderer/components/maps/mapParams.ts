import { computed } from 'vue';
import type { Ref, WritableComputedRef } from 'vue';
import {
  choiceParam,
  flagParam,
  numberParam,
  useQueryParam,
} from '../../composables/useQueryParam.ts';
import { useSettledParam } from '../../composables/useSettledParam.ts';
import { colorMapNames, colorTable, defaultColorMap } from '../../maps/colorMaps.ts';
import type { ColorMapName, ColorTable } from '../../maps/colorMaps.ts';

export const defaultOpacity = 0.55;

export interface MapParams {
  colorMap: WritableComputedRef<ColorMapName>;
  table: Readonly<Ref<ColorTable>>;
  /** Of the map over the image, 0 to 1. */
  opacity: WritableComputedRef<number>;
  /** Smooth previews; otherwise each pixel is a square. */
  smooth: WritableComputedRef<boolean>;
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
    smooth: useQueryParam('smooth', flagParam),
    outlined: useQueryParam('mask', flagParam),
  };
}
