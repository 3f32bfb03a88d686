import { mountRest } from '@/server/api/rest';
import { workspaceRoute } from '@/server/identity/workspace.route';

export const dynamic = 'force-dynamic';
export const GET = mountRest(workspaceRoute);
