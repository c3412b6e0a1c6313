/** Frames per second that the transport offers. */
export const playbackSpeeds = [0.5, 1, 2, 4, 8] as const;
export type PlaybackSpeed = (typeof playbackSpeeds)[number];

/** A film that has run since `startedAtMs` from frame `firstFrame`, of `frames` in all. */
export interface Playback {
  startedAtMs: number;
  firstFrame: number;
  framesPerSecond: number;
}

/** Where pressing play begins: here, or at the first frame where the film is at its end. */
export const playbackStart = (frame: number, frames: number): number =>
  frame >= frames - 1 ? 0 : frame;

/** The frame that is due now; a frame that came too late is skipped, never shown in its stead. */
export function dueFrame(playback: Playback, nowMs: number, frames: number): number {
  const elapsed = Math.max(0, nowMs - playback.startedAtMs) / 1000;
  const due = playback.firstFrame + Math.floor(elapsed * playback.framesPerSecond + 1e-9);
  return Math.min(due, frames - 1);
}

/** The same film at another speed, from the frame that is on now. */
export const changeSpeed = (
  playback: Playback,
  framesPerSecond: number,
  nowMs: number,
  frames: number,
): Playback => ({
  startedAtMs: nowMs,
  firstFrame: dueFrame(playback, nowMs, frames),
  framesPerSecond,
});
