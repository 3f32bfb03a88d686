import { mountRest } from '@/server/api/rest';
import { digestRoute } from '@/server/history/digest.route';

export const dynamic = 'force-dynamic';
export const GET = mountRest(digestRoute);
