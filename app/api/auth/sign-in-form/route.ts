import { signInByForm } from '@/server/api/sign-in-form';

export const dynamic = 'force-dynamic';
export { signInByForm as POST };
