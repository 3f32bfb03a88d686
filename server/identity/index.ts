export type { Actor, KeyActor, PersonActor } from './actor';
export { type Auth, createAuth } from './auth';
export { handleAuth } from './auth-handler';
export { faultOf, problemOf, problemResponse } from './fault-mapping';
export {
  authenticateApiKey,
  findSourceByKey,
  KEYS_CHANNEL,
  type SourceIdentity,
  watchKeys,
} from './keys.service';
export { landingOf } from './landing';
export {
  ACTIONS,
  type Action,
  API_SCOPES,
  type ApiScope,
  may,
  ROLES,
  type Role,
  TOPIC_ACTIONS,
  type Topic,
} from './policy';
export { MAX_BODY_BYTES, type RestRoute, restRoute } from './rest';
export { assertSameOrigin, isSameOrigin } from './same-origin';
export { publishSessionRevoked, SESSIONS_CHANNEL, type SessionRevoked } from './session-messages';
export { createSessionReader, type SessionReader, type SignedIn } from './session-reader';
export { createCallerFactory, type ProcedureMeta, procedure, type RequestContext, router } from './trpc';
export {
  type StreamSettings,
  streamSettingsOf,
  type WorkspaceSettings,
  workspaceSettingsSchema,
} from './workspace-settings.schema';
export { listShards, type ShardDescription, shardsOf } from './workspaces.repository';
