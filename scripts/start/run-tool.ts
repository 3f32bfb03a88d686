import { spawn } from 'node:child_process';

const TAIL_LINES = 30;

/**
 * Runs a program of ours on this Node, quietly.
 * @throws Error `<title> failed` with the end of its output
 */
export function runTool(
  title: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  stopping: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const output: Buffer[] = [];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env });
    // The whole group: a build starts processes of its own.
    const stop = () => {
      if (child.pid) process.kill(-child.pid, 'SIGKILL');
    };
    stopping.addEventListener('abort', stop, { once: true });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => output.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      stopping.removeEventListener('abort', stop);
      const tail = Buffer.concat(output).toString().trim().split('\n').slice(-TAIL_LINES).join('\n');
      if (code === 0) resolve();
      else reject(new Error(`${title} failed:\n${tail}`));
    });
  });
}
