import { publicForm } from '@/server/api/public-form';
import { setUpFirstRun } from '@/server/api/set-up';
import { setUpSchema } from '@/server/identity/people.schema';

export const dynamic = 'force-dynamic';
export const POST = publicForm(setUpSchema, setUpFirstRun);
