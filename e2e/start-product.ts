import { startOwnProduct } from '../scripts/own-product';

/** Starts the product as a person would, with people and keys but no traffic, and stops it after the last journey. */
export default async function startProduct(): Promise<() => Promise<void>> {
  const product = await startOwnProduct({ IDLE_MS: '2000' });
  process.env.E2E_CONSOLE = product.consoleUrl;
  process.env.E2E_COLLECTOR = product.collectorUrl;
  process.env.E2E_KEYS = JSON.stringify(product.keys);
  process.env.E2E_DATA = product.dataDir;
  process.env.E2E_WORKERS = product.pidsOf('--only main').join();
  return product.stop;
}
