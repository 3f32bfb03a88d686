import { resetPassword } from '@/server/api/links';
import { publicForm } from '@/server/api/public-form';
import { resetPasswordSchema } from '@/server/identity/people.schema';

export const dynamic = 'force-dynamic';
export const POST = publicForm(resetPasswordSchema, resetPassword);
