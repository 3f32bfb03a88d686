import { mountRest } from '@/server/api/rest';
import { postOptOut } from '@/server/privacy/opt-outs.route';

export const dynamic = 'force-dynamic';
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = mountRest(postOptOut);
