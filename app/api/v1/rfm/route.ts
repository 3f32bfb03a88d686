import { mountRest } from '@/server/api/rest';
import { rfmRoute } from '@/server/history/rfm.route';

export const dynamic = 'force-dynamic';
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = mountRest(rfmRoute);
