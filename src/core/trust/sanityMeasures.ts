import { trustMeasure } from './measure.ts';

const zeroMap = 'either map is all zero or constant';
const adebayo = 'Adebayo et al., Sanity Checks for Saliency Maps (2018)';
const sameMap = 'the map and the one';

const randomised = (
  of: 'rank' | 'ssim',
  words: { title: string; heading: string; symbol: string; definition: string },
) =>
  trustMeasure({
    question: 'sanity',
    ...words,
    better: 'lower',
    range: [-1, 1],
    undefinedWhere: of === 'rank' ? zeroMap : `${zeroMap}, or the image is under 11 pixels`,
    source: adebayo,
    ofNetwork: true,
  });

const resemblance = (
  of: 'rank' | 'ssim',
  other: 'image' | 'edges',
  words: { title: string; heading: string; symbol: string },
) => {
  const what = other === 'image' ? 'the image’s luminance' : 'the image’s edges (Sobel’s filter)';
  return trustMeasure({
    question: 'sanity',
    ...words,
    definition: `${of === 'rank' ? 'Spearman’s correlation' : 'SSIM'} of the map’s absolute values and ${what}`,
    better: null,
    range: [-1, 1],
    undefinedWhere:
      of === 'rank'
        ? 'the map or the image is constant'
        : 'the map is all zero, or the image is under 11 pixels',
    source: adebayo,
  });
};

/** Whether a map depends on what was learned, or would look so anyway. */
export const sanityMeasures = {
  cascadeRank: randomised('rank', {
    title: 'rank correlation with all layers randomised',
    heading: 'Cascade ρ',
    symbol: 'ρ(|M|, |M*|)',
    definition: `Spearman’s correlation of the absolute values of ${sameMap} after every layer, from the output down, has its initial distribution`,
  }),
  cascadeSsim: randomised('ssim', {
    title: 'SSIM with all layers randomised',
    heading: 'Cascade SSIM',
    symbol: 'SSIM(|M|, |M*|)',
    definition: `SSIM of the absolute values, each divided by its maximum, of ${sameMap} after every layer, from the output down, has its initial distribution`,
  }),
  independentRank: randomised('rank', {
    title: 'rank correlation with one layer randomised',
    heading: 'One layer ρ',
    symbol: 'meanₗ ρ(|M|, |Mₗ|)',
    definition: `Spearman’s correlation of the absolute values of ${sameMap} where one layer alone has its initial distribution, mean over the layers`,
  }),
  independentSsim: randomised('ssim', {
    title: 'SSIM with one layer randomised',
    heading: 'One layer SSIM',
    symbol: 'meanₗ SSIM(|M|, |Mₗ|)',
    definition: `SSIM of the absolute values, each divided by its maximum, of ${sameMap} where one layer alone has its initial distribution, mean over the layers`,
  }),
  inputSimilarity: resemblance('rank', 'image', {
    title: 'similarity to the image',
    heading: 'Like image ρ',
    symbol: 'ρ(|M|, x)',
  }),
  inputSsim: resemblance('ssim', 'image', {
    title: 'SSIM with the image',
    heading: 'Like image SSIM',
    symbol: 'SSIM(|M|, x)',
  }),
  edgeSimilarity: resemblance('rank', 'edges', {
    title: 'similarity to the edges',
    heading: 'Like edges ρ',
    symbol: 'ρ(|M|, Sobel(x))',
  }),
  edgeSsim: resemblance('ssim', 'edges', {
    title: 'SSIM with the edges',
    heading: 'Like edges SSIM',
    symbol: 'SSIM(|M|, Sobel(x))',
  }),
  randomisedSimilarity: trustMeasure({
    question: 'sanity',
    title: 'similarity to the image with all layers randomised',
    heading: 'Random like image ρ',
    symbol: 'ρ(|M*|, x)',
    definition:
      'Spearman’s correlation of the image’s luminance and the map of the network whose layers all have their initial distribution: how much a map looks like the image without anything learned',
    better: null,
    range: [-1, 1],
    undefinedWhere: 'that map or the image is constant',
    source: adebayo,
    ofNetwork: true,
  }),
};
