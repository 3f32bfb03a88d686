export type { Actor, KeyActor, PersonActor } from './actor';
export { assertKeepable } from './assert-keepable';
export { type Auth, createAuth } from './auth';
export { handleAuth } from './auth-handler';
export { boundedRequest, boundedText } from './bounded-body';
export { faultOf, problemOf, problemResponse } from './fault-mapping';
export {
  authenticateApiKey,
  findSourceByKey,
  type SourceIdentity,
} from './keys.service';
export { allAdministeredBy } from './members.repository';
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
export type { SessionRevoked } from './session-messages';
export { createSessionReader, type SessionReader, type SignedIn } from './session-reader';
export { importSource, sourceInUse } from './sources.service';
export type { ProcedureMeta, RequestContext } from './trpc';
export type {
  StreamSettings,
  WorkspaceSettings,
} from './workspace-settings.schema';
export { listShards, type ShardDescription, shardIds, shardsOf } from './workspaces.repository';
