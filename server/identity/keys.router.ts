import { createApiKey, listApiKeys, revokeApiKey } from './api-keys.service';
import {
  apiKeyIdSchema,
  changeSourceSchema,
  createApiKeySchema,
  createSourceSchema,
  sourceIdSchema,
} from './key.schema';
import { changeSource, createSource, listSources, revokeSource, rotateSourceKey } from './sources.service';
import { procedure, router } from './trpc';

export const sourcesRouter = router({
  list: procedure('source.read').query(({ ctx }) => listSources(ctx.deps, ctx.actor.workspaceId)),
  create: procedure('source.write')
    .input(createSourceSchema)
    .mutation(({ ctx, input }) => createSource(ctx.deps, ctx.actor, input)),
  change: procedure('source.write')
    .input(changeSourceSchema)
    .mutation(({ ctx, input: { sourceId, ...form } }) => changeSource(ctx.deps, ctx.actor, sourceId, form)),
  rotateKey: procedure('source.write')
    .input(sourceIdSchema)
    .mutation(({ ctx, input }) => rotateSourceKey(ctx.deps, ctx.actor, input.sourceId)),
  revoke: procedure('source.write')
    .input(sourceIdSchema)
    .mutation(({ ctx, input }) => revokeSource(ctx.deps, ctx.actor, input.sourceId)),
});

export const apiKeysRouter = router({
  list: procedure('apiKey.read').query(({ ctx }) => listApiKeys(ctx.deps, ctx.actor.workspaceId)),
  create: procedure('apiKey.write')
    .input(createApiKeySchema)
    .mutation(({ ctx, input }) => createApiKey(ctx.deps, ctx.actor, input)),
  revoke: procedure('apiKey.write')
    .input(apiKeyIdSchema)
    .mutation(({ ctx, input }) => revokeApiKey(ctx.deps, ctx.actor, input.keyId)),
});
