import { mountRest } from '@/server/api/rest';
import { messageRoute } from '@/server/history/message.route';

export const dynamic = 'force-dynamic';
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = mountRest(messageRoute);
