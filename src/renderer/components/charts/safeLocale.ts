/*
 * Imported before uPlot, which formats numbers for `navigator.language` as it is loaded: under a POSIX
 * locale browsers name a language there that Intl refuses, and the page would show nothing.
 */
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true });
}
