import { spawn } from 'node:child_process';
import { z } from 'zod';

const LIMIT_MS = 60_000;

const auditReport = z.object({
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string(), range: z.string().optional() })),
});

/** High and critical findings in what ships. Null, said aloud, when the registry does not answer such questions. */
export async function vulnerabilities(): Promise<string | null> {
  const output = await npmAudit();
  const report = parse(output);
  if (!report) {
    console.log('npm audit could not be asked here; known vulnerabilities were NOT looked for.');
    return null;
  }
  return Object.entries(report.vulnerabilities)
    .filter(([, { severity }]) => severity === 'high' || severity === 'critical')
    .map(([name, { severity, range }]) => `  ${severity}: ${name} ${range ?? ''}`)
    .join('\n');
}

function npmAudit(): Promise<string> {
  return new Promise((resolve) => {
    const output: Buffer[] = [];
    const child = spawn('npm', ['audit', '--omit=dev', '--json'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: LIMIT_MS,
    });
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.on('error', () => resolve(''));
    child.on('close', () => resolve(Buffer.concat(output).toString()));
  });
}

function parse(output: string): z.output<typeof auditReport> | undefined {
  try {
    return auditReport.safeParse(JSON.parse(output)).data;
  } catch {
    return undefined;
  }
}
