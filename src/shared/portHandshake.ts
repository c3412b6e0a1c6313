/**
 * How the page inside the shell asks for its port: it posts `portRequest` to its own window, and the
 * preload answers with `portAnswer` and the port. The preload tells the main process on the channel
 * `portChannel`.
 */
export const portRequest = 'afterimage:connect';
export const portAnswer = 'afterimage:port';
export const portChannel = 'afterimage:port';

/** The scheme and origin that the shell serves the renderer from. */
export const shellScheme = 'app';
export const shellOrigin = 'app://workbench';
