import { mountRest } from '@/server/api/rest';
import { deadLettersRoute } from '@/server/ingestion/dead-letters.route';

export const dynamic = 'force-dynamic';
export const GET = mountRest(deadLettersRoute);
