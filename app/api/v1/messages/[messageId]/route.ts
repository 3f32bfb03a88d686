import { mountRest } from '@/server/api/rest';
import { messageRoute } from '@/server/history/message.route';

export const dynamic = 'force-dynamic';
export const GET = mountRest(messageRoute);
