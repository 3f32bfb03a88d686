// Runs on whatever Node the machine has (20 or newer), before anything is installed: no imports but Node's own.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const NODE = join('node_modules', 'node', 'bin', 'node');

/** Stops with a sentence when this Node is too old even to install. */
export function assertNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= 20) return;
  console.error(`Millrace needs Node 20 or newer to install itself; this is ${process.versions.node}.`);
  process.exit(1);
}

/** Installs what package-lock.json says, unless it is there already; then generates the database client. */
export async function ensureDependencies(say) {
  if (!isInstalled()) {
    // Not `npm ci`: it refuses a lock file made where a registry lacks the binaries of other platforms.
    const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
    await step('Installing dependencies (npm install)', 'npm', args, say);
  }
  if (!existsSync(NODE)) {
    // An npm that runs no install scripts unasked leaves Node 24's own package half installed.
    await step('Setting up Node 24', 'npm', ['rebuild', 'node', '--foreground-scripts'], say);
  }
  if (!existsSync(NODE)) throw new Error('Node 24 did not install; run npm install by hand to see why.');
  await step(
    'Generating the database client',
    process.execPath,
    ['scripts/prisma-generate.mjs', '--if-changed'],
    () => {},
  );
}

/** True when every package of the lock file is installed at its version. */
function isInstalled() {
  try {
    const wanted = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
    const present = JSON.parse(readFileSync('node_modules/.package-lock.json', 'utf8')).packages;
    return Object.entries(wanted).every(
      ([path, entry]) => path === '' || entry.optional || present[path]?.version === entry.version,
    );
  } catch {
    return false;
  }
}

let current;

/** Stops the step that is running, if any. */
export function stopStep(signal) {
  current?.kill(signal);
}

/** Runs a program, telling every ten seconds that it still works; its output is shown only when it fails. */
export function step(title, command, args, say, env = process.env) {
  const since = Date.now();
  say(`${title} …`);
  const timer = setInterval(() => say(`${title} … ${Math.round((Date.now() - since) / 1000)} s`), 10_000);
  return new Promise((resolve, reject) => {
    const output = [];
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    current = child;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
    child.on('error', (error) =>
      reject(new Error(`${title}: ${command} could not be started (${error.code}).`)),
    );
    child.on('close', (code, signal) => {
      clearInterval(timer);
      current = undefined;
      if (code === 0) return resolve();
      if (signal) return reject(new Error(`${title}: stopped.`));
      const tail = Buffer.concat(output).toString().trim().split('\n').slice(-15).join('\n');
      reject(new Error(`${title} failed:\n${tail}`));
    });
  });
}
