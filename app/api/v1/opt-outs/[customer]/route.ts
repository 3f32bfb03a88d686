import { mountRest } from '@/server/api/rest';
import { getOptOut } from '@/server/privacy/opt-outs.route';

export const dynamic = 'force-dynamic';
export const GET = mountRest(getOptOut);
