import { spawn } from 'node:child_process';

export interface ToolResult {
  readonly code: number;
  /** What it said, on both streams. */
  readonly output: string;
  /** Standard output alone, for programs that report in JSON. */
  readonly stdout: string;
}

/** Runs a program of Node and collects what it prints. */
export function runTool(program: string, args: readonly string[]): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const output: Buffer[] = [];
    const stdout: Buffer[] = [];
    const child = spawn(process.execPath, [program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' },
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => output.push(chunk));
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({
        code: code ?? 1,
        output: Buffer.concat(output).toString().trim(),
        stdout: Buffer.concat(stdout).toString(),
      }),
    );
  });
}

/** The same as a check: empty when the program was content. */
export async function tool(program: string, args: readonly string[]): Promise<string> {
  const { code, output } = await runTool(program, args);
  return code === 0 ? '' : output || `${program} ended with ${code}`;
}
