export { ChannelFeed } from './channel-feed.connector';
export type { CardReading, ContestReading } from './customer-source';
export type { ShardOfWorkspace } from './followed-regions';
export { type LivePorts, LiveServer } from './live-server';
export type { SampledReader } from './sampled-source';
export { WorkspaceLive, type WorkspacePorts } from './workspace-live';
