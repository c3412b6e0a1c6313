import { describeBundles } from './bundlesSuite.ts';
import { describeCalls } from './callsSuite.ts';
import { openPortExchange, openSocketExchange } from './connections.ts';
import { describeStreams } from './streamsSuite.ts';

const transports = { 'a message port': openPortExchange, 'a WebSocket': openSocketExchange };

for (const [name, open] of Object.entries(transports)) {
  describeCalls(name, open);
  describeBundles(name, open);
  describeStreams(name, open);
}
