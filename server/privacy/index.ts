export type { Transaction } from './audit.repository';
export type { AuditState } from './audit.schema';
export { type AuditNote, withAudit, writeAudit } from './audit.service';
export { bringConsents, consentParity, type ParityReport } from './consent-parity.service';
export { isNotSold, notSoldSince } from './do-not-sell.schema';
export { announceDpia, reopenDpia } from './dpia.service';
export type { SignedRecord } from './dpia-standing';
export { linkedKeysOf, MAX_KEYS } from './linked-keys.service';
export type { PrivacyMessage } from './privacy-feed.connector';
export { consentWords, type Purpose } from './purpose.schema';
export { maySignal, readSignals, type SignalSeen } from './signals/read-signals';
export { TAKE_SIGNALS_EVERY_MS, takeSignals } from './signals/signal.service';
export { SignalCounts } from './signals/signal-counts.connector';
export { signalTitle } from './signals/signal-mapping.schema';
export {
  consentOfSubject,
  looksAtSubject,
  purposesOfSubject,
  type SubjectConsent,
  type SubjectLooks,
  type SubjectPurpose,
} from './subject-record.service';
