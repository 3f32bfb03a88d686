import { z } from 'zod';
import { procedure, router } from '@/server/identity/trpc';
import { OPERATORS, type OperatorKey } from '@/server/processors/topology.schema';
import { readOperatorErrors } from './operator-error.repository';

const operator = z.enum(OPERATORS.map(({ key }) => key) as [OperatorKey, ...OperatorKey[]]);

/** What the topology asks for beside its live room. */
export const streamsRouter = router({
  operatorErrors: procedure('streams.read')
    .input(z.strictObject({ operator }))
    .query(({ ctx: { deps, actor }, input }) => readOperatorErrors(deps, actor.workspaceId, input.operator)),
});
