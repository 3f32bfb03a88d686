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
    // Tried five times within a quarter of a minute: an absent network is told soon, a short gap is bridged.
    const patience = ['--fetch-retries=4', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
    const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...patience];
    await step('Installing dependencies (npm ci)', 'npm', args, say).catch((error) => {
      throw new Error(installProblem(error.message) ?? error.message);
    });
  }
  if (!existsSync(NODE)) {
    // An npm that runs no install scripts unasked leaves Node 24's own package half installed.
    await step('Setting up Node 24', 'npm', ['rebuild', 'node', '--foreground-scripts'], say);
  }
  if (!existsSync(NODE)) throw new Error('Node 24 did not install; run npm rebuild node by hand to see why.');
  await step(
    'Generating the database client',
    process.execPath,
    ['scripts/prisma-generate.mjs', '--if-changed'],
    () => {},
  );
}

const NETWORK =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT/;

/** What npm's output means, in one sentence, or null for what nobody foresaw. */
function installProblem(output) {
  const code = output.match(/npm error code (\S+)/)?.[1] ?? '';
  const again = 'then start again';
  if (NETWORK.test(code))
    return `The dependencies could not be installed: the npm registry cannot be reached (${code}). Mend the network or npm's proxy settings, ${again}.`;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return `The dependencies could not be installed: the disk is full (about 1.5 GB are needed). Make room, ${again}.`;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return `The dependencies could not be installed: this user may not write to ${process.cwd()} or to npm's cache. Give it the right to, ${again}.`;
  if (code === 'E404' || code === 'ETARGET')
    return `The dependencies could not be installed: npm's registry lacks one of them (${output.match(/npm error (?:404|notarget) (.*)/)?.[1] ?? code}).`;
  return null;
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
