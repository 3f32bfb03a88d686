import packageJson from '@/package.json';
import { openApiDocument } from '@/server/api/openapi';
import { REST_ROUTES } from './routes';

export const dynamic = 'force-static';

export function GET(): Response {
  return Response.json(openApiDocument(REST_ROUTES, packageJson.version), {
    headers: { 'cache-control': 'public, max-age=300' },
  });
}
