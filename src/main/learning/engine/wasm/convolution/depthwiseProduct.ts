import { defineFunction, type FunctionBody, type Variable } from '../module/assembler.ts';
import { i32, type Value } from '../module/lanes.ts';
import { eachSum, linesFrom, panels, startSums, type Panel } from '../module/registerTiles.ts';

/** Outputs of a line that are worked on at once: with two vectors of channels, 8 sums in registers. */
const tileOutputs = 4;

const parameters = ['x', 'xLine', 'kernel', 'side', 'y', 'height', 'width', 'pixelBytes'] as const;
type Parameters = Record<(typeof parameters)[number], Variable>;

/** Some outputs next to each other, in one panel of channels. */
function emitTile(
  f: FunctionBody,
  p: Parameters,
  panel: Panel,
  at: { x: Variable; kernel: Variable; y: Variable; outputs: number },
): void {
  const { lanes } = panel;
  const targets = linesFrom(f, at.y, p.pixelBytes, at.outputs);
  const sums = startSums(f, panel, at.outputs);
  const [line, kernel] = [f.let(at.x), f.let(at.kernel)];
  f.repeat(p.side, () => {
    const inputs = linesFrom(f, line, p.pixelBytes, at.outputs);
    f.repeat(p.side, () => {
      const weights = sums[0]?.map((_, j) => f.let(lanes.load(kernel, 16 * j))) ?? [];
      eachSum(inputs, sums, (input, sum, offset) => {
        const weight = weights[offset / 16] as Variable;
        f.set(sum, lanes.add(sum, lanes.multiply(lanes.load(input, offset), weight)));
      });
      for (const address of [...inputs, kernel]) f.increase(address, p.pixelBytes);
    });
    f.increase(line, p.xLine);
  });
  eachSum(targets, sums, (target, sum, offset) => {
    f.run(lanes.store(target, sum, offset));
  });
}

/**
 * y [height, width, channels] = each channel of x times its own plane of the kernel [side, side, channels],
 * moved over it. x begins at the first tap of the first output, with lines of `xLine` bytes; the taps of an
 * output are added in order.
 */
export const depthwiseProduct = defineFunction(parameters, (f, p) => {
  const channel = f.let(0);
  for (const panel of panels) {
    f.advance(channel, i32.and(p.pixelBytes, -panel.bytes), panel.bytes, () => {
      const kernel = f.let(i32.add(p.kernel, channel));
      const [line, y] = [f.let(i32.add(p.x, channel)), f.let(i32.add(p.y, channel))];
      f.repeat(p.height, () => {
        const [x, output] = [f.let(line), f.let(0)];
        const emit = (end: Value, outputs: number): void => {
          f.advance(output, end, outputs, () => {
            emitTile(f, p, panel, { x, kernel, y, outputs });
            for (const address of [x, y]) {
              f.increase(address, i32.multiply(p.pixelBytes, outputs));
            }
          });
        };
        emit(i32.and(p.width, -tileOutputs), tileOutputs);
        emit(p.width, 1);
        f.increase(line, p.xLine);
      });
    });
  }
});
