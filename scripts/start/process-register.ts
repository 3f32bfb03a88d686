import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { endForeignProcess, startedAt } from '@/server/platform/embedded/process-table';

const entrySchema = z.object({
  name: z.string(),
  pid: z.number().int().min(2),
  /** When it began: the number alone may be another process by now. */
  began: z.string(),
  /** Databases are ended after those that write to them. */
  isDatabase: z.boolean(),
});
type Entry = z.output<typeof entrySchema>;

/** Longer than our processes give themselves to end in order. */
const PROCESS_GRACE_MS = 14_000;
const DATABASE_GRACE_MS = 20_000;

/** What the supervisor has started, kept in a file: should it be killed, another can end what it leaves behind. */
export class ProcessRegister {
  private entries: Entry[] = [];

  constructor(private readonly file: string) {}

  /** Notes a process just started; forgets those of the same name. */
  add(name: string, pid: number | undefined): void {
    const began = pid === undefined ? null : startedAt(pid);
    if (pid === undefined || began === null) return;
    const isDatabase = /^(Postgres|Redis)/.test(name);
    this.entries = [...this.entries.filter((entry) => entry.name !== name), { name, pid, began, isDatabase }];
    try {
      writeFileSync(`${this.file}.new`, JSON.stringify(this.entries), { mode: 0o600 });
      renameSync(`${this.file}.new`, this.file);
    } catch {
      // A full disk must not keep a database from coming back.
    }
  }

  /** Ends what an earlier supervisor left running, and says what that was. */
  async endLeftOvers(): Promise<string[]> {
    const left = this.kept().filter(({ pid, began }) => startedAt(pid) === began);
    const end = ({ name, pid, isDatabase }: Entry) =>
      isDatabase
        ? endForeignProcess(pid, name === 'Postgres' ? 'SIGINT' : 'SIGTERM', DATABASE_GRACE_MS)
        : endForeignProcess(pid, 'SIGTERM', PROCESS_GRACE_MS).then(() => killGroup(pid));
    await Promise.all(left.filter(({ isDatabase }) => !isDatabase).map(end));
    await Promise.all(left.filter(({ isDatabase }) => isDatabase).map(end));
    return left.map(({ name }) => name);
  }

  /** No more patience: everything ends at once. Databases recover from this. */
  killAll(): void {
    for (const { pid, began } of this.entries) if (startedAt(pid) === began) killGroup(pid);
  }

  private kept(): Entry[] {
    if (!existsSync(this.file)) return [];
    try {
      return z.array(entrySchema).parse(JSON.parse(readFileSync(this.file, 'utf8')));
    } catch {
      // Cut off by a power cut: then nothing of it runs any more.
      return [];
    }
  }
}

/** Each of them leads a group of its own, with what it has started. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}
