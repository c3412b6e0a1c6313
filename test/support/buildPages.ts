/** Before all tests in a browser: the pages are built once, whichever tests run side by side. */
export { ensureRenderer as setup } from '../../scripts/builds.ts';
