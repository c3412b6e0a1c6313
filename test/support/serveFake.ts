import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { serveWorkbench } from '../../src/main/serve.ts';
import { createFakeWorkbench } from './fakeWorkbench.ts';

/**
 * Serves the built renderer with made-up runs, for development and screenshots:
 * `node test/support/serveFake.ts --runs 30 --port 4173 --live`.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '30' },
    renderer: { type: 'string', default: join(import.meta.dirname, '../../out/renderer') },
    port: { type: 'string', default: '4173' },
    /** Running runs move on. */
    live: { type: 'boolean', default: false },
  },
});
const fake = createFakeWorkbench({ runs: Number(values.runs) });
fake.advance(36);
if (values.live)
  setInterval(() => {
    fake.advance(4);
  }, 200);

const served = await serveWorkbench({
  api: fake.api,
  port: Number(values.port),
  rendererDir: values.renderer,
  version: '0.1.0',
});
const print = (): void => {
  console.log(served.issueAddress(print));
};
print();
