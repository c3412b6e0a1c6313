import type { Page } from 'playwright-core';

/**
 * Measures, in the page, how long after an epoch's event has arrived the curves of the run that is
 * open are painted with it. For pages that are opened afterwards and served through a WebSocket.
 */
export async function installLiveMeter(page: Page): Promise<void> {
  await page.addInitScript(meter);
}

/** Milliseconds by epoch event that was followed by a drawing, so far. */
export const readLiveDelays = (page: Page): Promise<number[]> =>
  page.evaluate(() => (globalThis as unknown as { liveDelays: number[] }).liveDelays);

/** Crosses to the page as text: it must not refer to anything outside itself. */
function meter(): void {
  const delays: number[] = [];
  Object.assign(globalThis, { liveDelays: delays });
  let heardAt: number | null = null;

  class HeardSocket extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', ({ data }) => {
        const runId = /\/runs\/(\w+)/.exec(location.pathname)?.[1];
        if (typeof data !== 'string' || runId === undefined || !data.includes(runId)) return;
        if (data.includes('"type":"epoch"')) heardAt ??= performance.now();
      });
    }
  }
  globalThis.WebSocket = HeardSocket;

  const draw: (path?: Path2D) => void = Reflect.get(CanvasRenderingContext2D.prototype, 'stroke');
  CanvasRenderingContext2D.prototype.stroke = function stroke(...path: [Path2D?]): void {
    draw.apply(this, path);
    if (heardAt === null || this.canvas.closest('.uplot') === null) return;
    const since = heardAt;
    heardAt = null;
    requestAnimationFrame(() => {
      delays.push(performance.now() - since);
    });
  };
}
