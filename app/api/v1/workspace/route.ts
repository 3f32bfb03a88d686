import { mountRest } from '@/server/api/rest';
import { workspaceRoute } from '@/server/identity/workspace.route';

export const dynamic = 'force-dynamic';
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = mountRest(workspaceRoute);
