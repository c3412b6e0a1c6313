import { bindFigure, type BoundFigure } from '../../core/figures/templates.ts';
import type { FigureSpec } from '../../core/figures/spec.ts';
import {
  gatherAccuracyFidelity,
  gatherConfidenceHistogram,
  gatherConfusionMatrix,
  gatherMetricDistribution,
  gatherReliability,
  gatherTrainingCurves,
} from './figureCharts.ts';
import {
  gatherCamEvolution,
  gatherCamPair,
  gatherExampleGrid,
  gatherParadigmGrid,
} from './figureMaps.ts';
import type { FigureSource } from './figureSource.ts';

/** Reads what the specification asks for from the history. */
export async function gatherFigure(spec: FigureSpec, source: FigureSource): Promise<BoundFigure> {
  switch (spec.template) {
    case 'cam-pair':
      return bindFigure(spec.template, await gatherCamPair(spec, source));
    case 'cam-evolution':
      return bindFigure(spec.template, await gatherCamEvolution(spec, source));
    case 'paradigm-grid':
      return bindFigure(spec.template, await gatherParadigmGrid(spec, source));
    case 'low-confidence-grid':
    case 'misclassified-grid':
      return bindFigure(spec.template, await gatherExampleGrid(spec, source));
    case 'training-curves':
      return bindFigure(spec.template, gatherTrainingCurves(spec, source));
    case 'confusion-matrix':
      return bindFigure(spec.template, gatherConfusionMatrix(spec, source));
    case 'reliability-diagram':
      return bindFigure(spec.template, gatherReliability(spec, source));
    case 'confidence-histogram':
      return bindFigure(spec.template, gatherConfidenceHistogram(spec, source));
    case 'accuracy-fidelity':
      return bindFigure(spec.template, gatherAccuracyFidelity(spec, source));
    case 'metric-distribution':
      return bindFigure(spec.template, gatherMetricDistribution(spec, source));
  }
}
