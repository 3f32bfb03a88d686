import { mountRest } from '@/server/api/rest';
import { lagRoute } from '@/server/scaling/lag.route';

export const dynamic = 'force-dynamic';
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = mountRest(lagRoute);
