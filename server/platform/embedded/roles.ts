import { withClient } from '../pg-client';
import { postgresUrl } from './postgres-server';

/** Who may do what: owner migrates, app and worker are held to a workspace, bulk only inserts (see 0002_security). */
export const DATABASE_ROLES = ['millrace_owner', 'millrace_app', 'millrace_worker', 'millrace_bulk'] as const;
export type DatabaseRole = (typeof DATABASE_ROLES)[number];

/** Makes or renews the four sign-in roles of an embedded server. */
export async function ensureRoles(adminUrl: string, passwords: Record<DatabaseRole, string>): Promise<void> {
  await withClient(adminUrl, async (client) => {
    for (const role of DATABASE_ROLES) {
      const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
      const rights =
        role === 'millrace_bulk' ? 'BYPASSRLS' : role === 'millrace_owner' ? 'CREATEDB' : 'NOBYPASSRLS';
      const verb = rowCount ? 'ALTER' : 'CREATE';
      await client.query(
        `${verb} ROLE ${role} LOGIN NOSUPERUSER ${rights} PASSWORD ${client.escapeLiteral(passwords[role])}`,
      );
    }
  });
}

/** Makes the database, owned by the owner, unless it is there. */
export async function ensureDatabase(adminUrl: string, name: string, template?: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount) return;
    const from = template ? ` TEMPLATE ${client.escapeIdentifier(template)}` : '';
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)} OWNER millrace_owner${from}`);
  });
}

/** The four roles' connection strings to one database. */
export function roleUrls(
  port: number,
  passwords: Record<DatabaseRole, string>,
  database: string,
): Record<'owner' | 'app' | 'worker' | 'bulk', string> {
  const url = (role: DatabaseRole) => postgresUrl(port, role, passwords[role], database);
  return {
    owner: url('millrace_owner'),
    app: url('millrace_app'),
    worker: url('millrace_worker'),
    bulk: url('millrace_bulk'),
  };
}
