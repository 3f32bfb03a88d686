import { z } from 'zod';
import { PURPOSES } from './purpose.schema';

export const purposeSchema = z.enum(PURPOSES);
