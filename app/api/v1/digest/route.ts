import { mountRest } from '@/server/api/rest';
import { digestRoute } from '@/server/history/digest.route';

export const dynamic = 'force-dynamic';
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = mountRest(digestRoute);
