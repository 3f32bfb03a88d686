// The way from whatever Node the machine has to Node 24, for every command that must work on a fresh clone.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { assertNode, ensureDependencies, NODE, stopStep } from './dependencies.mjs';

/**
 * Installs what is missing, then runs `entry` on Node 24 and stays only to pass signals on.
 * @param onKilled called when the program was ended from outside; it may take its time
 */
export async function handOver(entry, onKilled = () => {}) {
  process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
  assertNode();
  let program;
  let stopping = false;
  const stop = (signal) => {
    stopping = true;
    if (program) program.kill(signal);
    else stopStep('SIGTERM');
  };
  process.on('SIGINT', () => stop('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => stop('SIGTERM'));
  whenParentEnds(() => stop('SIGTERM'));
  try {
    await ensureDependencies((line) => console.log(line));
  } catch (error) {
    if (!stopping) console.error(error.message);
    process.exit(stopping ? 130 : 1);
  }
  if (stopping) process.exit(130);
  // A process group of its own: a Ctrl-C reaches it through here, once.
  program = spawnOnNode24(entry, process.argv.slice(2), ['inherit', 'inherit', 'inherit', 'ipc']);
  program.on('exit', async (code, signal) => {
    process.exitCode = code ?? 1;
    if (signal) await onKilled(signal);
  });
}

/** Runs one more program of ours to its end. */
export function runOnNode24(entry) {
  return new Promise((resolve) => {
    const program = spawnOnNode24(entry, [], 'inherit');
    program.on('error', resolve);
    program.on('exit', resolve);
  });
}

function spawnOnNode24(entry, args, stdio) {
  const PATH = `${process.cwd()}/node_modules/.bin:${process.env.PATH ?? ''}`;
  return spawn(NODE, ['--import', 'tsx', entry, ...args], {
    stdio,
    detached: true,
    env: { ...process.env, PATH },
  });
}

/** npm passes a signal to the shell between it and us, which ends without a word: then the parent has changed. */
function whenParentEnds(act) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    act();
  }, 500);
  timer.unref();
}
