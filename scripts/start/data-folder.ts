import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { freePort, isPortFree } from '@/server/platform/embedded/ports';
import { commandLineOf } from '@/server/platform/embedded/server-process';

const NEEDED_BYTES = 300 * 1024 * 1024;

const secretsSchema = z.object({
  postgres: z.string(),
  redis: z.string(),
  millrace_owner: z.string(),
  millrace_app: z.string(),
  millrace_worker: z.string(),
  millrace_bulk: z.string(),
});
export type Secrets = z.output<typeof secretsSchema>;

const portsSchema = z.object({ postgres: z.number(), logRedis: z.number(), queueRedis: z.number() });
export type Ports = z.output<typeof portsSchema>;

/** Everything Millrace keeps on this machine stands below one folder. */
export class DataFolder {
  readonly root: string;

  constructor(path: string) {
    this.root = resolve(path);
  }

  /** A place below the folder. */
  at(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  /**
   * Makes the folder and takes it for this process.
   * @throws Error when another Millrace runs on it, it cannot be written, or the disk is full
   */
  claim(): void {
    try {
      for (const folder of [this.root, this.at('run'), this.at('logs')])
        mkdirSync(folder, { recursive: true });
      // Postgres may run as another user, who must pass through; each file below has its own mode.
      chmodSync(this.root, 0o711);
      chmodSync(this.at('run'), 0o700);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(
        `The data folder ${this.root} cannot be written (${why}); set MILLRACE_DATA to another.`,
      );
    }
    const { bavail, bsize } = statfsSync(this.root);
    if (bavail * bsize < NEEDED_BYTES) {
      throw new Error(
        `The disk of ${this.root} is full (${Math.round((bavail * bsize) / 1_048_576)} MB free, 300 MB needed); make room, or set MILLRACE_DATA to another disk.`,
      );
    }
    const other = this.holder();
    if (other !== null) {
      throw new Error(
        `Millrace runs on ${this.root} already (process ${other}); stop it first, or set MILLRACE_DATA to another folder.`,
      );
    }
    writeFileSync(this.at('run', 'supervisor.pid'), String(process.pid));
  }

  release(): void {
    if (this.holder() !== null) return;
    for (const file of ['supervisor.pid', 'addresses.json']) rmSync(this.at('run', file), { force: true });
  }

  /** Process id of another supervisor that is alive, or null. */
  private holder(): number | null {
    const file = this.at('run', 'supervisor.pid');
    const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    if (pid <= 1 || pid === process.pid) return null;
    return commandLineOf(pid)?.includes('start/main') ? pid : null;
  }

  /** Passwords of the embedded servers, made at the first start. */
  secrets(): Secrets {
    const file = this.at('secrets.json');
    if (existsSync(file)) return secretsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const made = Object.fromEntries(
      Object.keys(secretsSchema.shape).map((name) => [name, randomBytes(18).toString('base64url')]),
    );
    this.writePrivate(file, made);
    return secretsSchema.parse(made);
  }

  /** Ports of the embedded servers: the same at every start, unless another program has taken one meanwhile. */
  async ports(): Promise<Ports> {
    const file = this.at('run', 'ports.json');
    const kept = existsSync(file)
      ? portsSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data
      : undefined;
    const port = async (known: number | undefined) =>
      known && (await isPortFree(known)) ? known : freePort();
    const ports = {
      postgres: await port(kept?.postgres),
      logRedis: await port(kept?.logRedis),
      queueRedis: await port(kept?.queueRedis),
    };
    this.writePrivate(file, ports);
    return ports;
  }

  /** Keeps the addresses of what runs, for processes started beside (`npm run workers`, `replay`, `backup`). */
  writeAddresses(addresses: Record<string, string>): void {
    this.writePrivate(this.at('run', 'addresses.json'), addresses);
  }

  /** A JSON file of the folder, or null when it is absent or not as expected. */
  readJson<T>(name: string, schema: z.ZodType<T>): T | null {
    const file = this.at(name);
    if (!existsSync(file)) return null;
    return schema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data ?? null;
  }

  private writePrivate(file: string, value: unknown): void {
    writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}
