import type { Deps } from '@/server/platform/deps';
import type { Env } from '@/server/platform/env';
import type { Section } from './bundle';
import { knownSecrets } from './known-secrets';
import { machineSections } from './machine';
import { Mask } from './mask';
import { processSections } from './processes.connector';
import { type StandingPorts, standingSections } from './standing';
import { storeSections } from './stores.connector';

/** Every part of a bundle, and the mask it all goes through. */
export function supportSections(
  env: Env,
  open: () => Deps,
  ports: StandingPorts,
): { sections: Section[]; mask: Mask } {
  const mask = new Mask(knownSecrets(env));
  const sections = [
    ...machineSections(env),
    ...processSections(env, mask),
    ...storeSections(env),
    ...standingSections(env, open, ports, mask),
  ];
  return { sections, mask };
}
