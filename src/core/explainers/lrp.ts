import { explainer } from './explainer.ts';
import { rule } from './lrpRules.ts';

export const lrp = explainer({
  family: 'relevance',
  title: 'LRP',
  description:
    'Hands the class’s logit back from layer to layer, to each input in proportion to what it contributed; batch norms are first merged into their convolutions. What biases contributed stays with them.',
  formula:
    'Rᵢ = Σⱼ zᵢⱼ Rⱼ / (Σᵢ zᵢⱼ + bⱼ ± 10⁻⁶), zᵢⱼ = xᵢ wᵢⱼ (epsilon), or its positive part with bⱼ’s (z-plus)',
  source:
    'Bach et al., Layer-Wise Relevance Propagation (2015); Montavon et al., Layer-Wise Relevance Propagation: An Overview (2019)',
  signed: true,
  random: false,
  cost: '1 pass forward and back',
  fields: { rule: rule() },
  passes: () => 1,
});
