import { z } from 'zod';
import { customerKeySchema } from '@/server/core/customer-key.schema';
import { rowNumberSchema } from '@/server/core/row-number.schema';
import { procedure, router } from '@/server/identity/trpc';
import { auditFilterSchema, auditPageSchema } from './audit.schema';
import { exportAudit, listAudit, verifyAudit } from './audit.service';
import { consentCard, lastDayOfOptOuts } from './consent.service';
import { doNotSellSchema } from './do-not-sell.schema';
import { denySale } from './do-not-sell.service';
import { dpiaInputSchema, signDpiaSchema } from './dpia.schema';
import { addDpia, dpias, editDpia, getDpia, signDpia, submitDpia } from './dpia.service';
import { LIST_NAMES } from './exported-list.schema';
import { noteExport } from './list-export.service';
import { lookFilterSchema, lookPageSchema } from './look.schema';
import { exportLooks, looksPage } from './look.service';
import { optInInputSchema, optOutInputSchema } from './opt-out.schema';
import { changeConsent } from './opt-out.service';
import { accessReview, clocks } from './overview.service';
import { importPiaSchema } from './pia/cnil-pia.schema';
import { exportPia, importPia } from './pia/pia.service';
import { signalsSeen } from './signals/signal.service';

const actorOf = ({ userId }: { userId: string }) => ({ kind: 'person' as const, id: userId });
/** No list of the console holds more. */
const MOST_ROWS = 1_000_000;
const dpiaVersion = z.object({ id: z.string().max(60), version: rowNumberSchema });

export const privacyRouter = router({
  clocks: procedure('audit.read').query(({ ctx }) => clocks(ctx.deps, ctx.actor.workspaceId)),
  optOuts: procedure('audit.read').query(({ ctx }) => lastDayOfOptOuts(ctx.deps, ctx.actor.workspaceId)),
  signals: procedure('audit.read').query(({ ctx }) => signalsSeen(ctx.deps, ctx.actor.workspaceId)),
  access: procedure('audit.read').query(({ ctx }) => accessReview(ctx.deps, ctx.actor.workspaceId)),

  consent: procedure('consent.read')
    .input(z.object({ customer: customerKeySchema }))
    .query(({ ctx, input }) => consentCard(ctx.deps, ctx.actor.workspaceId, input.customer)),

  optOut: procedure('optOut.write')
    .input(optOutInputSchema)
    .mutation(({ ctx, input }) =>
      changeConsent(ctx.deps, {
        ...input,
        workspaceId: ctx.actor.workspaceId,
        optedIn: false,
        actor: actorOf(ctx.actor),
      }),
    ),

  optIn: procedure('optOut.write')
    .input(optInInputSchema)
    .mutation(({ ctx, input }) =>
      changeConsent(ctx.deps, {
        ...input,
        workspaceId: ctx.actor.workspaceId,
        optedIn: true,
        actor: actorOf(ctx.actor),
      }),
    ),

  /** A request not to sell or share: the purposes it concerns are denied, and it is told how long that took. */
  doNotSell: procedure('optOut.write')
    .input(doNotSellSchema)
    .mutation(({ ctx, input }) =>
      denySale(ctx.deps, { ...input, workspaceId: ctx.actor.workspaceId, actor: actorOf(ctx.actor) }),
    ),

  /** Who saw which field of whom, and why. */
  looks: procedure('audit.read')
    .input(lookPageSchema)
    .query(({ ctx, input: { limit, cursor, ...filter } }) =>
      looksPage(ctx.deps, ctx.actor.workspaceId, filter, { limit, cursor }),
    ),
  exportLooks: procedure('audit.read')
    .input(lookFilterSchema)
    .query(({ ctx, input }) => exportLooks(ctx.deps, ctx.actor.workspaceId, input)),

  audit: procedure('audit.read')
    .input(auditPageSchema)
    .query(({ ctx, input: { limit, cursor, ...filter } }) =>
      listAudit(ctx.deps, ctx.actor.workspaceId, filter, { limit, cursor }),
    ),
  verifyAudit: procedure('audit.read').query(({ ctx }) => verifyAudit(ctx.deps, ctx.actor.workspaceId)),
  exportAudit: procedure('audit.read')
    .input(auditFilterSchema)
    .query(({ ctx, input }) => exportAudit(ctx.deps, ctx.actor.workspaceId, input)),

  /** Asked before personal data of a list on the screen is saved as a file. */
  noteExport: procedure('self.write')
    .input(z.object({ list: z.enum(LIST_NAMES), rows: z.int().min(0).max(MOST_ROWS) }))
    .mutation(({ ctx, input }) => noteExport(ctx.deps, ctx.actor, input)),
});

export const dpiaRouter = router({
  list: procedure('dpia.read').query(({ ctx }) => dpias(ctx.deps, ctx.actor.workspaceId)),
  get: procedure('dpia.read')
    .input(z.object({ id: z.string().max(60) }))
    .query(({ ctx, input }) => getDpia(ctx.deps, ctx.actor.workspaceId, input.id)),
  create: procedure('dpia.write')
    .input(dpiaInputSchema)
    .mutation(({ ctx, input }) => addDpia(ctx.deps, ctx.actor, input)),
  update: procedure('dpia.write')
    .input(dpiaInputSchema.extend(dpiaVersion.shape))
    .mutation(({ ctx, input }) => editDpia(ctx.deps, ctx.actor, input)),
  submit: procedure('dpia.write')
    .input(dpiaVersion)
    .mutation(({ ctx, input }) => submitDpia(ctx.deps, ctx.actor, input)),
  sign: procedure('dpia.sign')
    .input(signDpiaSchema)
    .mutation(({ ctx, input }) => signDpia(ctx.deps, ctx.actor, input)),
  /** The record as a file of the CNIL's PIA software, and such a file as a record. */
  exportPia: procedure('dpia.read')
    .input(z.object({ id: z.string().max(60) }))
    .query(({ ctx, input }) => exportPia(ctx.deps, ctx.actor.workspaceId, input.id)),
  importPia: procedure('dpia.write')
    .input(importPiaSchema)
    .mutation(({ ctx, input }) => importPia(ctx.deps, ctx.actor, input)),
});
