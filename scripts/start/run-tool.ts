import { spawn } from 'node:child_process';

const TAIL_LINES = 30;

export interface ToolOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Ends it, with all it has started. */
  readonly stopping: AbortSignal;
  readonly onSpawn: (name: string, pid: number | undefined) => void;
}

/**
 * Runs a program of ours on this Node, quietly.
 * @returns the end of its output
 * @throws Error `<title> failed` with the end of its output
 */
export function runTool(
  title: string,
  args: readonly string[],
  { env, stopping, onSpawn }: ToolOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const output: Buffer[] = [];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env });
    onSpawn(title, child.pid);
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
      if (code === 0) resolve(tail);
      else reject(new Error(`${title} failed:\n${tail}`));
    });
  });
}
