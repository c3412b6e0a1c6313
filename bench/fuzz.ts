/** `node bench/fuzz.ts COUNT SEED`: reads so many damaged inputs, and tells what came of them. */
import { fuzz } from '../test/support/fuzz.ts';

const [count = '100000', seed = '1'] = process.argv.slice(2);
process.on('unhandledRejection', (reason) => {
  console.log('unheard:', reason);
});
const { faults, ...report } = await fuzz(Number(count), Number(seed));
console.log(report, `${faults.length} faults`);
for (const fault of faults.slice(0, 20)) console.log(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
