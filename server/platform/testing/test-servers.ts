import type { DatabaseRole } from '@/server/platform/embedded/roles';

export const TEMPLATE_DATABASE = 'millrace_template';

/** What the run's set-up tells the test files: how to reach the run's own servers. */
export interface TestServers {
  readonly postgresPort: number;
  readonly adminUrl: string;
  readonly passwords: Record<DatabaseRole, string>;
  /** Folder in which each file's Redis keeps its files. */
  readonly redisFolder: string;
}
