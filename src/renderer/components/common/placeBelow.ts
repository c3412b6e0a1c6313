const gapPx = 4;
const edgePx = 8;

/** Puts a fixed panel below its anchor, or above where there is no room, inside the window. */
export function placeBelow(panel: HTMLElement, anchor: HTMLElement, align: 'start' | 'end'): void {
  const around = anchor.getBoundingClientRect();
  const { width, height } = panel.getBoundingClientRect();
  const wanted = align === 'start' ? around.left : around.right - width;
  const left = Math.max(edgePx, Math.min(wanted, window.innerWidth - width - edgePx));
  const below = around.bottom + gapPx;
  const fits = below + height <= window.innerHeight - edgePx;
  const top = fits ? below : Math.max(edgePx, around.top - gapPx - height);
  panel.style.left = `${left}px`;
  panel.style.top = `${top}px`;
}
