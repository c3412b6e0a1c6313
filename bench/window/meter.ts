/** What the window is measured with, inside the page. */

/** One input event, and what was painted for it. Times in ms. */
export interface MeteredStep {
  /** From the event's own time stamp to the end of the frame that shows it. */
  latencyMs: number;
  /** Of this, the work: the event's handlers, and the frame from its beginning to its end. */
  workMs: number;
  /** Map canvases that were painted anew. */
  painted: number;
}

export interface Meter {
  steps: MeteredStep[];
  /** Latencies of examples that were opened. */
  openings: number[];
  /**
   * Begins to count events of this type: each until the frame after it, or, with a selector, until the
   * frame after the first change to the text or elements inside what matches.
   */
  watch: (type: string, selector?: string) => void;
  /** From the beginning of the page to its first frame with a row of the runs table in it; 0 before. */
  firstRowMs: number;
  /** Lengths of the main thread's tasks of 50 ms and longer. */
  longTasks: number[];
  /** Begins to wait for the example that the next click or key opens. */
  awaitOpening: () => void;
  /** Lengths of frames during a scroll of `pixelsPerFrame` for `durationMs`. */
  scroll: (selector: string, pixelsPerFrame: number, durationMs: number) => Promise<number[]>;
}

/** Crosses to the page as text: it must not refer to anything outside itself. */
export function installMeter(): void {
  let watched = '';
  let handlersStartMs = 0;
  let handlersMs = 0;
  let painted = 0;
  let opening: number | null = null;
  let changing = false;
  let waiting: Event | null = null;
  /** Runs once the frame that is being made has been painted. */
  const afterFrame = (then: (frameStartMs: number) => void): void => {
    requestAnimationFrame(() => {
      const frameStartMs = performance.now();
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        then(frameStartMs);
      };
      channel.port2.postMessage(null);
    });
  };

  const finishStep = (): void => {
    const event = waiting;
    waiting = null;
    if (event === null) return;
    afterFrame((frameStartMs) => {
      const end = performance.now();
      const workMs = handlersMs + end - frameStartMs;
      meter.steps.push({ latencyMs: end - event.timeStamp, workMs, painted });
    });
  };
  const changes = new MutationObserver(finishStep);

  const meter: Meter = {
    steps: [],
    openings: [],
    firstRowMs: 0,
    longTasks: [],
    watch: (type, selector) => {
      watched = type;
      meter.steps = [];
      changes.disconnect();
      changing = selector !== undefined;
      const root = selector === undefined ? null : document.querySelector(selector);
      const what = { subtree: true, childList: true, characterData: true };
      if (root !== null) changes.observe(root, what);
      // The last of all handlers; what the others left to microtasks has been done before it.
      addEventListener(type, () => {
        handlersMs = performance.now() - handlersStartMs;
      });
    },
    awaitOpening: () => {
      opening = Infinity;
    },
    scroll: (selector, pixelsPerFrame, durationMs) =>
      new Promise((resolve) => {
        const scroller = document.querySelector(selector);
        const lengths: number[] = [];
        let began = 0;
        let last = 0;
        const advance = (now: number): void => {
          if (began === 0) began = now;
          else lengths.push(now - last);
          last = now;
          if (scroller !== null) scroller.scrollTop += pixelsPerFrame;
          if (now - began < durationMs) requestAnimationFrame(advance);
          else resolve(lengths);
        };
        requestAnimationFrame(advance);
      }),
  };
  Object.assign(globalThis, { meter });

  new PerformanceObserver((list) => {
    meter.longTasks.push(...list.getEntries().map(({ duration }) => duration));
  }).observe({ type: 'longtask', buffered: true });
  const rows = new MutationObserver(() => {
    if (document.querySelector('.body > .row') === null) return;
    rows.disconnect();
    afterFrame(() => {
      meter.firstRowMs = performance.now();
    });
  });
  rows.observe(document, { subtree: true, childList: true });

  const begin = (event: Event): void => {
    const isOpening = event.type === 'click' || event.type === 'keydown';
    if (opening === Infinity && isOpening) opening = event.timeStamp;
    if (event.type !== watched) return;
    painted = 0;
    handlersMs = 0;
    handlersStartMs = performance.now();
    waiting = event;
    if (!changing) finishStep();
  };
  for (const type of ['keydown', 'pointermove', 'input', 'click']) {
    addEventListener(type, begin, { capture: true });
  }

  type Put = (image: ImageData, x: number, y: number) => void;
  const { value } = Object.getOwnPropertyDescriptor(
    CanvasRenderingContext2D.prototype,
    'putImageData',
  ) as { value: Put };
  const put = value;
  CanvasRenderingContext2D.prototype.putImageData = function putImageData(
    image: ImageData,
    x: number,
    y: number,
  ): void {
    put.call(this, image, x, y);
    if (this.canvas.closest('.maps') === null) return;
    painted += 1;
    if (opening === null || opening === Infinity) return;
    const since = opening;
    opening = null;
    afterFrame(() => {
      meter.openings.push(performance.now() - since);
    });
  };
}
