/** The supervisor behind `npm start`, on Node 24: databases, migrations, build, processes, until it is told to stop. */
import { Product } from './product';

const product = new Product({ dev: process.argv.includes('--dev') });

let firstSignalAt = 0;
function onSignal(): void {
  // npm and the terminal may both pass on one Ctrl-C; only a later one is meant as "at once".
  if (firstSignalAt !== 0 && Date.now() - firstSignalAt > 3_000) product.abandon();
  firstSignalAt ||= Date.now();
  void product.stop(0);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
process.on('disconnect', onSignal);
process.on('uncaughtException', (error) => product.fail(error));
process.on('unhandledRejection', (error) => product.fail(error));

await product.run();
