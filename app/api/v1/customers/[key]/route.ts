import { mountRest } from '@/server/api/rest';
import { customerRoute } from '@/server/features/customer.route';

export const dynamic = 'force-dynamic';
export const GET = mountRest(customerRoute);
