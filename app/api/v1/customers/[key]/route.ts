import { mountRest } from '@/server/api/rest';
import { customerRoute } from '@/server/features/customer.route';

export const dynamic = 'force-dynamic';
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = mountRest(customerRoute);
