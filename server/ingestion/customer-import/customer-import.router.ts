import { procedure, router } from '@/server/identity/trpc';
import { replayTools } from '../replay.connector';
import { beginImportSchema, importIdSchema, importRowsSchema } from './customer-import.schema';
import { beginImport, finishImport, importRows } from './customer-import.service';

/** Import of known customers: begun, sent in parts, ended. */
export const customerImportRouter = router({
  begin: procedure('customer.import')
    .input(beginImportSchema)
    .mutation(({ ctx, input }) => beginImport(ctx.deps, ctx.actor, input)),
  rows: procedure('customer.import')
    .input(importRowsSchema)
    .mutation(({ ctx, input }) => importRows(ctx.deps, ctx.actor, input, replayTools(ctx.deps))),
  finish: procedure('customer.import')
    .input(importIdSchema)
    .mutation(({ ctx, input }) => finishImport(ctx.deps, ctx.actor, input.importId)),
});
