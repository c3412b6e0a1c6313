import { effect, onMounted, onScopeDispose, stop } from 'vue';
import type { ReactiveEffectRunner } from 'vue';

/**
 * Runs `draw` once the component is mounted, and in the next animation frame after anything that it
 * read has changed: once a frame, with what is newest then.
 */
export function useFrameEffect(draw: () => void): void {
  let runner: ReactiveEffectRunner | null = null;
  let request = 0;
  const run = (): void => {
    request = 0;
    runner?.();
  };
  onMounted(() => {
    runner = effect(draw, {
      scheduler: () => {
        request ||= requestAnimationFrame(run);
      },
    });
  });
  onScopeDispose(() => {
    cancelAnimationFrame(request);
    if (runner !== null) stop(runner);
    runner = null;
  });
}
