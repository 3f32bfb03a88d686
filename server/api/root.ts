import { alertsRouter } from '@/server/alerts/alerts.router';
import { rulesRouter } from '@/server/decisions/rules.router';
import { customersRouter } from '@/server/features/customer.router';
import { onlineStoreRouter } from '@/server/features/online-store.router';
import { sentimentRouter } from '@/server/features/sentiment.router';
import { checkpointsRouter } from '@/server/history/checkpoints.router';
import { equivalenceRouter } from '@/server/history/equivalence/equivalence.router';
import { historyRouter } from '@/server/history/history.router';
import { lateEventsRouter } from '@/server/history/late-events.router';
import { stateRouter } from '@/server/history/state.router';
import { subjectReportsRouter } from '@/server/history/subject-report/subject-report.router';
import { windowsRouter } from '@/server/history/windows/windows.router';
import { apiKeysRouter, sourcesRouter } from '@/server/identity/keys.router';
import { meRouter } from '@/server/identity/me.router';
import { peopleRouter } from '@/server/identity/people.router';
import { createCallerFactory, router } from '@/server/identity/trpc';
import { workspaceRouter } from '@/server/identity/workspace.router';
import { customerImportRouter } from '@/server/ingestion/customer-import/customer-import.router';
import { deadLettersRouter } from '@/server/ingestion/dead-letter.router';
import { firstEventRouter } from '@/server/ingestion/first-event.router';
import { operationsRouter } from '@/server/observability/operations.router';
import { supportRouter } from '@/server/observability/support.router';
import { dpiaRouter, privacyRouter } from '@/server/privacy/privacy.router';
import { choicesRouter } from '@/server/scaling/choice.router';
import { modulesRouter } from '@/server/scaling/modules.router';
import { scalingRouter } from '@/server/scaling/scaling.router';
import { streamsRouter } from '@/server/scaling/streams.router';
import { queueRouter } from '@/server/use-cases/queue-claim.router';
import { roundsRouter } from '@/server/use-cases/round.router';
import { useCasesRouter } from '@/server/use-cases/use-cases.router';

/** Every module's router, one line each. */
export const appRouter = router({
  me: meRouter,
  alerts: alertsRouter,
  operations: operationsRouter,
  people: peopleRouter,
  sources: sourcesRouter,
  apiKeys: apiKeysRouter,
  workspace: workspaceRouter,
  support: supportRouter,
  customers: customersRouter,
  sentiment: sentimentRouter,
  onlineStore: onlineStoreRouter,
  history: historyRouter,
  subjectReports: subjectReportsRouter,
  windows: windowsRouter,
  checkpoints: checkpointsRouter,
  equivalence: equivalenceRouter,
  state: stateRouter,
  queue: queueRouter,
  privacy: privacyRouter,
  dpia: dpiaRouter,
  rules: rulesRouter,
  useCases: useCasesRouter,
  rounds: roundsRouter,
  deadLetters: deadLettersRouter,
  firstEvent: firstEventRouter,
  customerImport: customerImportRouter,
  scaling: scalingRouter,
  modules: modulesRouter,
  choices: choicesRouter,
  streams: streamsRouter,
  lateEvents: lateEventsRouter,
});

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
