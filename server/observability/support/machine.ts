import { readFileSync, statfsSync } from 'node:fs';
import { availableParallelism, cpus, freemem, loadavg, release, totalmem, uptime } from 'node:os';
import type { Env } from '@/server/platform/env';
import type { Section } from './bundle';
import { shownSettings } from './known-secrets';

/** What it runs on, and as what. */
export function machineSections(env: Env): Section[] {
  return [
    { file: 'versions.json', collect: async () => versions() },
    { file: 'settings.json', collect: async () => shownSettings(env) },
    { file: 'machine.json', collect: async () => machine(env) },
  ];
}

function versions() {
  const { version, dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const { node, v8, openssl } = process.versions;
  return {
    millrace: version,
    node,
    v8,
    openssl,
    platform: `${process.platform} ${process.arch} ${release()}`,
    dependencies,
  };
}

function machine({ MILLRACE_DATA }: Env) {
  const { bsize, blocks, bavail, files, ffree } = statfsSync(MILLRACE_DATA);
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? null,
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
    loadOver1And5And15Minutes: loadavg(),
    upSeconds: uptime(),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    dataFolder: {
      diskBytes: bsize * blocks,
      availableBytes: bsize * bavail,
      inodes: files,
      freeInodes: ffree,
    },
  };
}
