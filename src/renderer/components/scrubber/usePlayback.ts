import { onScopeDispose, ref } from 'vue';
import type { Ref } from 'vue';
import { changeSpeed, dueFrame, playbackStart } from './playback.ts';
import type { Playback, PlaybackSpeed } from './playback.ts';

export interface PlaybackControl {
  playing: Readonly<Ref<boolean>>;
  speed: Readonly<Ref<PlaybackSpeed>>;
  toggle: () => void;
  stop: () => void;
  setSpeed: (framesPerSecond: PlaybackSpeed) => void;
}

/** Plays the frames of a cursor, in step with the screen. */
export function usePlayback(frame: Ref<number>, frames: () => number): PlaybackControl {
  const playing = ref(false);
  const speed = ref<PlaybackSpeed>(2);
  let film: Playback | null = null;
  let request = 0;

  function advance(nowMs: number): void {
    if (film === null) return;
    const due = dueFrame(film, nowMs, frames());
    if (due !== frame.value) frame.value = due;
    if (due >= frames() - 1) stop();
    else request = requestAnimationFrame(advance);
  }

  function play(): void {
    if (frames() < 2) return;
    const firstFrame = playbackStart(frame.value, frames());
    frame.value = firstFrame;
    film = { startedAtMs: performance.now(), firstFrame, framesPerSecond: speed.value };
    playing.value = true;
    request = requestAnimationFrame(advance);
  }

  function stop(): void {
    cancelAnimationFrame(request);
    film = null;
    playing.value = false;
  }

  function setSpeed(framesPerSecond: PlaybackSpeed): void {
    speed.value = framesPerSecond;
    if (film !== null) film = changeSpeed(film, framesPerSecond, performance.now(), frames());
  }

  onScopeDispose(stop);
  return {
    playing,
    speed,
    stop,
    setSpeed,
    toggle: () => {
      if (playing.value) stop();
      else play();
    },
  };
}
