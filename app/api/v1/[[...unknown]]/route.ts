import { unknownOperation } from '@/server/api/rest';

export {
  unknownOperation as DELETE,
  unknownOperation as GET,
  unknownOperation as OPTIONS,
  unknownOperation as PATCH,
  unknownOperation as POST,
  unknownOperation as PUT,
};
