import { procedure, router } from '@/server/identity/trpc';
import { subjectReportInput } from './subject-report.schema';
import { makeSubjectReport } from './subject-report.service';

export const subjectReportsRouter = router({
  /** All that is held of a person and who looked. Being made is on record, with its reason. */
  make: procedure('subject.report')
    .input(subjectReportInput)
    .mutation(({ ctx, input }) => makeSubjectReport(ctx.deps, ctx.actor, input)),
});
