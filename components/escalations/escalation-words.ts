import type { ContactChannel } from '@/server/use-cases/context-standing.schema';
import type { EscalationTarget } from '@/server/use-cases/escalation-step.schema';

export const CHANNEL_WORDS: Record<ContactChannel, string> = { chat: 'Chat', call: 'Call' };
export const TARGET_WORDS: Record<EscalationTarget, string> = {
  agents: 'agents’ queue',
  supervisors: 'supervisors (ops)',
};
