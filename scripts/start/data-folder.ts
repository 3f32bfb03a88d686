import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { freePort, isPortFree } from '@/server/platform/embedded/ports';
import { startedAt } from '@/server/platform/embedded/process-table';
import { makeFolder, whyNotWritten } from '@/server/platform/folder';
import { ProcessRegister } from './process-register';

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

const portsSchema = z
  .object({ postgres: z.number(), logRedis: z.number(), queueRedis: z.number() })
  .partial();
export type Ports = z.output<typeof portsSchema>;

/** The folder cannot be used; the message says why and what to do. */
class DataFolderError extends Error {}

/** Everything Millrace keeps on this machine stands below one folder. */
export class DataFolder {
  readonly root: string;
  readonly register: ProcessRegister;

  constructor(path: string) {
    this.root = resolve(path);
    this.register = new ProcessRegister(this.at('run', 'processes.json'));
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
      for (const folder of [this.root, this.at('run'), this.at('logs')]) makeFolder(folder);
      // Postgres may run as another user, who must pass through; each file below has its own mode.
      chmodSync(this.root, 0o711);
      chmodSync(this.at('run'), 0o700);
      this.assertRoom();
      this.take();
    } catch (error) {
      if (error instanceof DataFolderError) throw error;
      throw new DataFolderError(
        `The data folder ${this.root} cannot be written: ${whyNotWritten(error)}. Set MILLRACE_DATA to another.`,
      );
    }
  }

  /** True when no supervisor that is alive has taken the folder. */
  isFree(): boolean {
    return this.holder() === null;
  }

  release(): void {
    if (!this.isFree()) return;
    for (const file of ['supervisor.pid', 'addresses.json', 'processes.json'])
      rmSync(this.at('run', file), { force: true });
  }

  private assertRoom(): void {
    const { bavail, bsize } = statfsSync(this.root);
    if (bavail * bsize >= NEEDED_BYTES) return;
    throw new DataFolderError(
      `The disk of ${this.root} is full (${Math.round((bavail * bsize) / 1_048_576)} MB free, 300 MB needed); make room, or set MILLRACE_DATA to another disk.`,
    );
  }

  /** Of two that start at the same moment, one makes the file. */
  private take(): void {
    const file = this.at('run', 'supervisor.pid');
    const mine = `${process.pid}\n${startedAt(process.pid)}\n`;
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const other = this.holder();
      if (other !== null) {
        throw new DataFolderError(
          `Millrace runs on ${this.root} already (process ${other}); stop it first, or set MILLRACE_DATA to another folder.`,
        );
      }
      if (attempt > 0 || existsSync(file)) rmSync(file, { force: true });
      try {
        writeFileSync(file, mine, { flag: 'wx' });
        return;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
    }
  }

  /** Process id of another supervisor that is alive, or null. */
  private holder(): number | null {
    const file = this.at('run', 'supervisor.pid');
    if (!existsSync(file)) return null;
    const [id = '', began] = readFileSync(file, 'utf8').split('\n');
    const pid = Number(id);
    if (pid === process.pid) return null;
    return began && startedAt(pid) === began ? pid : null;
  }

  /** Passwords of the embedded servers, made at the first start. */
  secrets(): Secrets {
    const file = this.at('secrets.json');
    if (existsSync(file)) {
      const kept = readJsonFile(file, secretsSchema);
      if (kept) return kept;
      throw new DataFolderError(
        `${file}, which holds the passwords of the databases, is damaged; restore it from a copy of the folder, or set MILLRACE_DATA to a new one.`,
      );
    }
    const made = Object.fromEntries(
      Object.keys(secretsSchema.shape).map((name) => [name, randomBytes(18).toString('base64url')]),
    );
    this.writePrivate(file, made);
    return secretsSchema.parse(made);
  }

  /** Port of an embedded server: the same at every start, unless another program has taken it meanwhile. */
  async port(name: keyof Ports): Promise<number> {
    const file = this.at('run', 'ports.json');
    const known = readJsonFile(file, portsSchema)?.[name];
    if (known && (await isPortFree(known))) return known;
    const port = await freePort();
    // Read again: the servers start side by side.
    this.writePrivate(file, { ...readJsonFile(file, portsSchema), [name]: port });
    return port;
  }

  /** Keeps the addresses of what runs, for processes started beside (`npm run workers`, `replay`, `backup`). */
  writeAddresses(addresses: Record<string, string>): void {
    this.writePrivate(this.at('run', 'addresses.json'), addresses);
  }

  /** A JSON file of the folder, or null when it is absent or not as expected. */
  readJson<T>(name: string, schema: z.ZodType<T>): T | null {
    return readJsonFile(this.at(name), schema);
  }

  private writePrivate(file: string, value: unknown): void {
    // On disk before it has its name: a power cut leaves the old file or the new one.
    const draft = openSync(`${file}.new`, 'w', 0o600);
    writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`);
    fsyncSync(draft);
    closeSync(draft);
    renameSync(`${file}.new`, file);
  }
}

/** What a file holds, or null when it is absent, cut off or not of this form. */
function readJsonFile<T>(file: string, schema: z.ZodType<T>): T | null {
  if (!existsSync(file)) return null;
  const text = readFileSync(file, 'utf8');
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
