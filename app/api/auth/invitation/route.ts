import { acceptInvitation } from '@/server/api/links';
import { publicForm } from '@/server/api/public-form';
import { acceptInvitationSchema } from '@/server/identity/people.schema';

export const dynamic = 'force-dynamic';
export const POST = publicForm(acceptInvitationSchema, acceptInvitation);
