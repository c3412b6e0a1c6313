import packageJson from '../../package.json' with { type: 'json' };

/** The application's version: stored with every history, so that a newer one can be told apart. */
export const { version } = packageJson;
