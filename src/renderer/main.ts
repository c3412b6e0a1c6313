import './zodSetup.ts';

// Schemas look at zod's configuration while they are built: no module that builds one may load
// before this line, which static imports cannot promise once a bundler has cut them into chunks.
void import('./start.ts');
