import { Fault } from '@/server/core/fault';
import { problemResponse } from '@/server/identity';

const unknown = (): Response =>
  problemResponse(new Fault('not_found', 'There is no such operation; /api/openapi.json lists them all.'));

export { unknown as DELETE, unknown as GET, unknown as PATCH, unknown as POST, unknown as PUT };
