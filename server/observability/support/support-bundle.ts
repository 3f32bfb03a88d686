import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Deps } from '@/server/platform/deps';
import type { Env } from '@/server/platform/env';
import { type BundleFile, gather } from './bundle';
import { supportSections } from './sections';
import type { StandingPorts } from './standing';
import { tarOf } from './tar';

const README = `Support bundle of a Millrace

Gathered for somebody who helps: versions, settings, health, figures, the end of the logs, lag, sizes.
Secrets and credentials are cut by the schema of the settings; e-mail addresses, keys, tokens, IP addresses, quoted
text and words with digits are cut out of logs. Look through it before you hand it on: a customer's key that is an
ordinary word is not recognised.
`;

/**
 * What somebody who helps needs to see of this installation, and nothing of customers or secrets. Works while parts of it
 * are down: a file that could not be had says why.
 * @param open called for what other modules are asked through, once per part
 */
export async function supportBundle(env: Env, open: () => Deps, ports: StandingPorts): Promise<BundleFile[]> {
  const { sections, mask } = supportSections(env, open, ports);
  return [{ path: 'README.txt', text: README }, ...(await gather(sections, mask))];
}

const compress = promisify(gzip);

/** The files within one folder, as a gzipped tar archive. */
export function archiveOf(files: readonly BundleFile[], folder: string, madeAt: Date): Promise<Buffer> {
  return compress(tarOf(files, folder, madeAt));
}
