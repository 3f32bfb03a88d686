import { z } from 'zod';
import { idSchema } from './people.schema';
import { API_SCOPES } from './policy';
import { regionSchema } from './workspace-settings.schema';

export const PLATFORMS = ['web', 'ios', 'android', 'server', 'store', 'device'] as const;
export const platformSchema = z.enum(PLATFORMS);

const keyNameSchema = z.string().trim().min(1, 'Give a name.').max(80);

const sourceFormSchema = z.strictObject({
  name: keyNameSchema,
  /** Null: told by the events themselves. */
  platform: platformSchema.nullable(),
  eventsPerSec: z.number().int().min(1).max(1_000_000).default(50_000),
});
export type SourceForm = z.output<typeof sourceFormSchema>;
export const createSourceSchema = sourceFormSchema.extend({
  /** One of the workspace's; absent: its first. It stays: what was sent before, and repeats of it, are known there only. */
  region: regionSchema.optional(),
});
export type CreateSource = z.output<typeof createSourceSchema>;
export const changeSourceSchema = sourceFormSchema.extend({ sourceId: idSchema });
export const sourceIdSchema = z.strictObject({ sourceId: idSchema });

export const createApiKeySchema = z.strictObject({
  name: keyNameSchema,
  scopes: z.array(z.enum(API_SCOPES)).min(1, 'Choose at least one.').max(API_SCOPES.length),
  /** Null: until it is revoked. */
  expiresInDays: z.number().int().min(1).max(3_650).nullable().default(null),
});
export type CreateApiKey = z.output<typeof createApiKeySchema>;
export const apiKeyIdSchema = z.strictObject({ keyId: idSchema });
