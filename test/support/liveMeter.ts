import type { Page } from 'playwright-core';

/**
 * Measures, in the page, how long after an epoch's event has arrived the curves of the run that is
 * open are painted with it. For pages that are opened afterwards and served through a WebSocket.
 */
export async function installLiveMeter(page: Page): Promise<void> {
  await page.addInitScript(meter);
}

/** An epoch's event as it arrived and as it was drawn, ms since 1970. */
export interface LivePoint {
  epoch: number;
  heardAt: number;
  paintedAt: number;
}

/** Epoch events that were followed by a drawing, so far. */
export const readLivePoints = (page: Page): Promise<LivePoint[]> =>
  page.evaluate(() => (globalThis as unknown as { livePoints: LivePoint[] }).livePoints);

/** Milliseconds by epoch event that was followed by a drawing, so far. */
export const readLiveDelays = async (page: Page): Promise<number[]> =>
  (await readLivePoints(page)).map(({ heardAt, paintedAt }) => paintedAt - heardAt);

/** Crosses to the page as text: it must not refer to anything outside itself. */
function meter(): void {
  const points: LivePoint[] = [];
  Object.assign(globalThis, { livePoints: points });
  const now = (): number => performance.timeOrigin + performance.now();
  let heard: Omit<LivePoint, 'paintedAt'> | null = null;

  class HeardSocket extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', ({ data }) => {
        const runId = /\/runs\/(\w+)/.exec(location.pathname)?.[1];
        if (typeof data !== 'string' || runId === undefined || !data.includes(runId)) return;
        const epoch = /"type":"epoch".*?"epoch":(\d+)/.exec(data)?.[1];
        if (epoch !== undefined) heard ??= { epoch: Number(epoch), heardAt: now() };
      });
    }
  }
  globalThis.WebSocket = HeardSocket;

  const draw: (path?: Path2D) => void = Reflect.get(CanvasRenderingContext2D.prototype, 'stroke');
  CanvasRenderingContext2D.prototype.stroke = function stroke(...path: [Path2D?]): void {
    draw.apply(this, path);
    if (heard === null || this.canvas.closest('.uplot') === null) return;
    const drawn = heard;
    heard = null;
    requestAnimationFrame(() => {
      points.push({ ...drawn, paintedAt: now() });
    });
  };
}
