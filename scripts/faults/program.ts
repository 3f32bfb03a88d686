import { spawn } from 'node:child_process';

export interface ProgramResult {
  passed: number;
  failed: number;
  skipped: number;
  /** what it printed on standard output */
  text: string;
}

const CLOSING_LINE = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\n/m;

/** Runs a program that ends with `N passed, N failed[, N skipped]`, and shows all of what it prints but that line. */
export function runProgram(
  [script, ...args]: readonly [string, ...string[]],
  settings: Record<string, string> = {},
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...settings },
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      process.stdout.write(chunk.toString().replace(CLOSING_LINE, ''));
    });
    // Not when it exits: its last line, which counts, may still be on its way then.
    child.on('close', (code) => {
      const match = CLOSING_LINE.exec(text);
      if (match) {
        const [passed = 0, failed = 0, skipped = 0] = match.slice(1).map((count) => Number(count ?? 0));
        resolve({ passed, failed, skipped, text });
      } else resolve({ passed: 0, failed: code === 0 ? 0 : 1, skipped: 0, text });
    });
  });
}
