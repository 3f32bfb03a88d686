import { mountRest } from '@/server/api/rest';
import { deadLettersRoute } from '@/server/ingestion/dead-letters.route';

export const dynamic = 'force-dynamic';
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = mountRest(deadLettersRoute);
