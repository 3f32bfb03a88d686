import type { RestRoute } from '@/server/api/openapi';
import { customerRoute } from '@/server/features/customer.route';
import { digestRoute } from '@/server/history/digest.route';
import { messageRoute } from '@/server/history/message.route';
import { rfmRoute } from '@/server/history/rfm.route';
import { totalsRoute } from '@/server/history/totals.route';
import { workspaceRoute } from '@/server/identity/workspace.route';
import { deadLettersRoute } from '@/server/ingestion/dead-letters.route';
import { getOptOut, postOptOut } from '@/server/privacy/opt-outs.route';
import { lagRoute } from '@/server/scaling/lag.route';

/** Every operation for programs, in the order the description lists them. One line each. */
export const REST_ROUTES: readonly RestRoute[] = [
  workspaceRoute,
  totalsRoute,
  lagRoute,
  rfmRoute,
  digestRoute,
  customerRoute,
  messageRoute,
  deadLettersRoute,
  postOptOut,
  getOptOut,
];
