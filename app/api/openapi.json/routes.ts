import type { RestRoute } from '@/server/api/openapi';
import { workspaceRoute } from '@/server/identity/workspace.route';
import { getOptOut, postOptOut } from '@/server/privacy/opt-outs.route';

/** Every operation for programs, in the order the description lists them. One line each. */
export const REST_ROUTES: readonly RestRoute[] = [workspaceRoute, postOptOut, getOptOut];
