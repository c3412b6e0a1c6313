import arimo from '@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf?url';
import arimoBold from '@expo-google-fonts/arimo/700Bold/Arimo_700Bold.ttf?url';
import tinos from '@expo-google-fonts/tinos/400Regular/Tinos_400Regular.ttf?url';
import tinosBold from '@expo-google-fonts/tinos/700Bold/Tinos_700Bold.ttf?url';
import dejaVu from 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf?url';
import dejaVuBold from 'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf?url';

/** The files that exports embed, by the names that figures use. */
const families = [
  ['Arimo', arimo, arimoBold],
  ['Tinos', tinos, tinosBold],
  ['DejaVu Sans', dejaVu, dejaVuBold],
] as const;

let declared = false;

/**
 * Makes the figures' fonts known to the page; each is fetched when a figure first uses it. Of two
 * faces of one name the later is asked first, so that what Arimo lacks is drawn in DejaVu Sans, as in
 * an export.
 */
export function declareFigureFonts(): void {
  if (declared) return;
  declared = true;
  for (const [family, normal, bold] of families) {
    const files = [
      [dejaVu, '400'],
      [dejaVuBold, '700'],
      [normal, '400'],
      [bold, '700'],
    ] as const;
    for (const [file, weight] of files) {
      document.fonts.add(new FontFace(family, `url(${file})`, { weight }));
    }
  }
}

/** What `embeddedFonts.ts` of the export writes. */
const rule =
  /@font-face\{font-family:'([^']+)';font-weight:(\d+);src:url\(data:font\/woff2;base64,([^)]+)\) format\('woff2'\);unicode-range:([^}]+)\}/g;

const taken = new Set<string>();

/**
 * Makes the fonts inside an SVG known to the page, whose policy allows no style sheet in what it is shown.
 *
 * @returns the SVG without them
 */
export function takeFonts(svg: string): string {
  const [style = ''] = /<style>[^<]*<\/style>/.exec(svg) ?? [];
  for (const [text, family = '', weight = '', base64 = '', unicodeRange = ''] of style.matchAll(
    rule,
  )) {
    if (taken.has(text)) continue;
    taken.add(text);
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    document.fonts.add(new FontFace(family, bytes, { weight, unicodeRange }));
  }
  return svg.replace(style, '');
}
