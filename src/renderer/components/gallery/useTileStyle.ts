import { computed } from 'vue';
import type { Ref } from 'vue';
import { dependOn } from '../../composables/dependOn.ts';
import { readToken, useTheme } from '../../composables/useTheme.ts';
import type { MapParams } from '../maps/mapParams.ts';
import type { TileStyle } from './tilePainter.ts';

/** How tiles are drawn in the present theme. */
export function useTileStyle(
  mapParams: MapParams,
  threshold: Readonly<Ref<number>>,
): Readonly<Ref<TileStyle>> {
  const { isDark } = useTheme();
  const themed = computed(() => {
    // The tokens are other ones in the other theme.
    dependOn(isDark.value);
    return {
      font: `12px ${readToken('--font')}`,
      colors: {
        text: readToken('--text'),
        muted: readToken('--text-3'),
        bad: readToken('--bad'),
        groove: readToken('--border'),
        empty: readToken('--surface-sunken'),
      },
    };
  });
  return computed(() => ({
    ...themed.value,
    table: mapParams.table.value,
    opacity: mapParams.opacity.value,
    smooth: mapParams.pixels.value === 'smooth',
    native: mapParams.pixels.value === 'native',
    threshold: threshold.value,
  }));
}
