import { accuracyFidelity, type AccuracyFidelityData } from './accuracyFidelity.ts';
import { camEvolution, type CamEvolutionData } from './camEvolution.ts';
import { camPair, type CamPairData } from './camPair.ts';
import { confidenceHistogram, type ConfidenceHistogramData } from './confidenceHistogram.ts';
import { confusionMatrix, type ConfusionMatrixData } from './confusionMatrix.ts';
import type { TrainingCurvesData } from './curveSeries.ts';
import type { ExampleGridData } from './exampleGrid.ts';
import type { DataTable, Figure } from './figure.ts';
import { lowConfidenceGrid } from './lowConfidenceGrid.ts';
import { metricDistribution, type MetricDistributionData } from './metricDistribution.ts';
import { misclassifiedGrid } from './misclassifiedGrid.ts';
import { paradigmGrid, type ParadigmGridData } from './paradigmGrid.ts';
import { drawSheet, type FigureOptions } from './drawing/pen.ts';
import type { Drawing } from './drawing/shapes.ts';
import { reliabilityDiagram, type ReliabilityData } from './reliabilityDiagram.ts';
import type { Template } from './spec.ts';
import { trainingCurves } from './trainingCurves.ts';

/** What each template draws. */
export interface FigureData {
  'cam-pair': CamPairData;
  'cam-evolution': CamEvolutionData;
  'paradigm-grid': ParadigmGridData;
  'low-confidence-grid': ExampleGridData;
  'misclassified-grid': ExampleGridData;
  'training-curves': TrainingCurvesData;
  'confusion-matrix': ConfusionMatrixData;
  'reliability-diagram': ReliabilityData;
  'confidence-histogram': ConfidenceHistogramData;
  'accuracy-fidelity': AccuracyFidelityData;
  'metric-distribution': MetricDistributionData;
}

export const figures: { [T in Template]: Figure<FigureData[T]> } = {
  'cam-pair': camPair,
  'cam-evolution': camEvolution,
  'paradigm-grid': paradigmGrid,
  'low-confidence-grid': lowConfidenceGrid,
  'misclassified-grid': misclassifiedGrid,
  'training-curves': trainingCurves,
  'confusion-matrix': confusionMatrix,
  'reliability-diagram': reliabilityDiagram,
  'confidence-histogram': confidenceHistogram,
  'accuracy-fidelity': accuracyFidelity,
  'metric-distribution': metricDistribution,
};

/** A figure whose data are at hand. */
export interface BoundFigure {
  caption: string;
  table: DataTable;
  draw: (options: FigureOptions) => Drawing;
}

export function bindFigure<T extends Template>(template: T, data: FigureData[T]): BoundFigure {
  const figure: Figure<FigureData[T]> = figures[template];
  return {
    caption: figure.caption(data),
    table: figure.tabulate(data),
    draw: (options) => drawSheet(options, (pen) => figure.draw(pen, data)),
  };
}
