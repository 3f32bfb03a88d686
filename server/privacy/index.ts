export type { Transaction } from './audit.repository';
export { type AuditNote, type AuditState, verifyAudit, withAudit, writeAudit } from './audit.service';
export { consentParity, type ParityReport } from './consent-parity.service';
export { announceDpia, contentHash, reopenDpia } from './dpia.service';
export { dpiaObstacle, type SignedRecord } from './dpia-standing';
export { linkedKeysOf } from './linked-keys.service';
export { changeConsent } from './opt-out.service';
export { type PrivacyMessage, publishPrivacy } from './privacy-feed.connector';
export { consentWords, deniedFor, PURPOSES, type Purpose } from './purpose.schema';
