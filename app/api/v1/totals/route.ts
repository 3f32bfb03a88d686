import { mountRest } from '@/server/api/rest';
import { totalsRoute } from '@/server/history/totals.route';

export const dynamic = 'force-dynamic';
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = mountRest(totalsRoute);
