/**
 * What each figure takes to draw and to write as SVG, PDF and PNG: `npx node bench/figures.ts`
 * (about 1 min). Figures and what follows from them: bench/figures.md.
 *
 * Data are made here, of MNIST's shape (28 x 28 images, 7 x 7 maps, 10,000 test images, 10 classes);
 * what the history takes to read is measured by bench/store.ts.
 */
import { cpus, loadavg } from 'node:os';
import { writeSvg } from '../src/core/figures/drawing/svg.ts';
import { bindFigure, loadFigure } from '../src/core/figures/gather.ts';
import { defaultColumns } from '../src/core/figures/spec.ts';
import { figureStyleSchema, resolveStyle } from '../src/core/figures/style.ts';
import { createMeasure, ownFonts } from '../src/main/export/fonts.ts';
import { renderPdf } from '../src/main/export/pdf.ts';
import { renderPng } from '../src/main/export/png.ts';
import { listSubjects, type Subject } from './figuresData.ts';
import { print } from './measure.ts';

const rounds = 5;

interface Cost {
  wallMs: number;
  /** Of all threads: what the work takes on a machine that does nothing else. */
  cpuMs: number;
}

async function measure<T>(work: () => T | Promise<T>): Promise<{ cost: Cost; result: T }> {
  const [began, before] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  const cost = { wallMs: performance.now() - began, cpuMs: (user + system) / 1000 };
  return { cost, result };
}

const metadata = { title: 'bench', specification: '{}', creator: 'bench', created: new Date(0) };

/** One round: the drawing with its SVG, and from it the PDF and the PNG. */
async function drawOnce({ template, data, style: settings }: Subject) {
  const style = resolveStyle(figureStyleSchema.parse(settings), defaultColumns(template));
  const options = { style, title: 'bench', measureText: createMeasure(ownFonts(style.font)) };
  const figure = await loadFigure(template);
  const svg = await measure(() => {
    const drawing = bindFigure(figure, data).draw(options);
    return { drawing, text: writeSvg(drawing) };
  });
  const { drawing, text } = svg.result;
  const pdf = await measure(() => renderPdf(drawing, metadata));
  const png = await measure(() => renderPng(text, drawing.heightPt, style));
  return {
    costs: [svg.cost, pdf.cost, png.cost],
    bytes: [text.length, pdf.result.length, png.result.length],
  };
}

const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function report(subject: Subject): Promise<void> {
  await drawOnce(subject);
  const all: Awaited<ReturnType<typeof drawOnce>>[] = [];
  for (let round = 0; round < rounds; round += 1) all.push(await drawOnce(subject));
  const cells = [0, 1, 2].map((format) => {
    const costs = all.map((one) => one.costs[format] ?? { wallMs: 0, cpuMs: 0 });
    const [wall, cpu] = [
      medianOf(costs.map(({ wallMs }) => wallMs)),
      medianOf(costs.map(({ cpuMs }) => cpuMs)),
    ];
    const kilobytes = (all[0]?.bytes[format] ?? 0) / 1000;
    return `${wall.toFixed(0)} / ${cpu.toFixed(0)} / ${kilobytes.toFixed(0)}`;
  });
  print(subject.name, ...cells);
}

const load = (): string =>
  loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
console.log(
  `${cpus()[0]?.model ?? ''}, ${cpus().length} cores, Node ${process.version}, load ${load()}\n`,
);
print('Figure', 'SVG', 'PDF', 'PNG');
print('---', '---:', '---:', '---:');
for (const subject of listSubjects()) await report(subject);
console.log(`\nload ${load()}`);
