/** `α alpha`: a character and the command of TeX's mathematics for it. */
const pairs = [
  'α alpha β beta γ gamma δ delta ε varepsilon ϵ epsilon ζ zeta η eta θ theta ϑ vartheta ι iota',
  'κ kappa λ lambda μ mu µ mu ν nu ξ xi π pi ϖ varpi ρ rho ϱ varrho σ sigma ς varsigma τ tau',
  'υ upsilon φ varphi ϕ phi χ chi ψ psi ω omega Γ Gamma Δ Delta ∆ Delta Θ Theta Λ Lambda Ξ Xi',
  'Π Pi Σ Sigma Υ Upsilon Φ Phi Ψ Psi Ω Omega ℓ ell ℏ hbar ℜ Re ℑ Im ℵ aleph',
  '± pm ∓ mp × times ÷ div · cdot ⋅ cdot ∙ bullet • bullet ∘ circ ∗ ast ⊕ oplus ⊗ otimes ⊙ odot',
  '≤ leq ≥ geq ≠ neq ≈ approx ≡ equiv ∼ sim ≃ simeq ≅ cong ∝ propto ≪ ll ≫ gg',
  '← leftarrow → rightarrow ↑ uparrow ↓ downarrow ↔ leftrightarrow ↦ mapsto',
  '⇐ Leftarrow ⇒ Rightarrow ⇔ Leftrightarrow',
  '∅ emptyset ∞ infty ∂ partial ∇ nabla ∈ in ∉ notin ∋ ni ⊂ subset ⊆ subseteq ⊃ supset ⊇ supseteq',
  '∩ cap ∪ cup ∧ wedge ∨ vee ¬ neg ∀ forall ∃ exists ∑ sum ∏ prod ∫ int √ surd',
  '∥ parallel ‖ parallel ⊥ perp ∠ angle ⟨ langle ⟩ rangle ⌊ lfloor ⌋ rfloor ⌈ lceil ⌉ rceil',
];

/** Capitals of Greek that look as Latin ones do, which TeX takes for them. */
const capitals = 'ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΧX';

const raised = '⁰0 ¹1 ²2 ³3 ⁴4 ⁵5 ⁶6 ⁷7 ⁸8 ⁹9 ⁺+ ⁻- ⁼= ⁽( ⁾) ⁿn ⁱi';
const lowered = '₀0 ₁1 ₂2 ₃3 ₄4 ₅5 ₆6 ₇7 ₈8 ₉9 ₊+ ₋- ₌= ₍( ₎)';

const accents: Readonly<Record<string, string>> = { '\u0301': '\\acute', '\u0308': '\\ddot' };

function readPairs(): [string, string][] {
  const words = pairs.join(' ').split(' ');
  return words.flatMap((word, i) =>
    i % 2 === 0 ? [[word, `\\${words[i + 1] ?? ''}`] as [string, string]] : [],
  );
}

const readScript = (text: string, print: (letter: string) => string): [string, string][] =>
  text.split(' ').map((pair) => [pair.charAt(0), print(pair.slice(1))]);

const commands: ReadonlyMap<string, string> = new Map([
  ...readPairs(),
  ...readScript(capitals, (letter) => `\\mathrm{${letter}}`),
  ...readScript(raised, (sign) => `^{${sign}}`),
  ...readScript(lowered, (sign) => `_{${sign}}`),
  ['ο', 'o'],
  ['−', '-'],
  ['°', '^\\circ'],
  ['′', "'"],
  ['″', "''"],
  // Those of the text would be bitmaps.
  ['²', '^2'],
]);

/**
 * A character as TeX sets it in mathematics: letters of Greek, with accents too, signs and digits above
 * and below the line, which the text fonts of pdfTeX lack or have as bitmaps. Null for any other.
 */
export function findMathCommand(character: string): string | null {
  const command = commands.get(character);
  if (command !== undefined) return command;
  const [base = '', ...marks] = Array.from(character.normalize('NFD'));
  const letter = commands.get(base);
  if (letter === undefined || marks.some((mark) => !(mark in accents))) return null;
  return marks.reduce((inner, mark) => `${accents[mark] ?? ''}{${inner}}`, letter);
}

/** For what it is tried on. */
export const mathCharacters: readonly string[] = [...commands.keys()];
