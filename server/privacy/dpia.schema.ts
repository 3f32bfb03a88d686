import { z } from 'zod';
import { rowNumberSchema } from '@/server/core/row-number.schema';
import { purposeSchema } from './purpose-input.schema';

/**
 * The nine criteria by which the European Data Protection Board tells processing that needs an assessment: two or more
 * usually do.
 */
export const CRITERIA = [
  { key: 'scoring', title: 'Evaluation or scoring', ask: 'Does it rate, predict or profile people?' },
  {
    key: 'automated',
    title: 'Automated decisions',
    ask: 'Does it decide something that matters for them by itself?',
  },
  { key: 'monitoring', title: 'Systematic monitoring', ask: 'Does it watch or follow what people do?' },
  {
    key: 'sensitive',
    title: 'Sensitive data',
    ask: 'Does it use health, beliefs, location, money or other intimate data?',
  },
  { key: 'largeScale', title: 'Large scale', ask: 'Does it concern many people, much data or a wide area?' },
  { key: 'matching', title: 'Combined data sets', ask: 'Does it join data collected for different ends?' },
  {
    key: 'vulnerable',
    title: 'Vulnerable people',
    ask: 'Could children, patients or employees be among them?',
  },
  {
    key: 'innovative',
    title: 'New technology',
    ask: 'Does it use technology in a way people do not expect?',
  },
  {
    key: 'barrier',
    title: 'Kept from a right or service',
    ask: 'Could it keep someone from a service or contract?',
  },
] as const;
export type CriterionKey = (typeof CRITERIA)[number]['key'];
const criterionKeys = CRITERIA.map(({ key }) => key) as [CriterionKey, ...CriterionKey[]];

/** Criteria met from which an assessment is expected. */
export const CRITERIA_FOR_DPIA = 2;

const level = z.number().int().min(1).max(4);
export const LEVEL_WORDS = ['', 'negligible', 'limited', 'significant', 'maximum'] as const;

/** What may happen to data, as the method of the CNIL tells it. */
export const FEARED_EVENTS = ['access', 'change', 'loss'] as const;
export type FearedEvent = (typeof FEARED_EVENTS)[number];
export const FEARED_EVENT_WORDS: Record<FearedEvent, string> = {
  access: 'Somebody sees data who may not',
  change: 'Data is changed that should not be',
  loss: 'Data is gone',
};

/** Longest text of a part of an assessment, of a shorter one, and of a part of a risk, in characters. */
export const LONG_TEXT = 10_000;
export const SHORT_TEXT = 4_000;
export const RISK_TEXT = 2_000;
const riskText = z.string().trim().max(RISK_TEXT).optional();

export const riskSchema = z.object({
  id: z.string().max(40),
  /** what could happen to people */
  title: z.string().trim().min(3).max(200),
  event: z.enum(FEARED_EVENTS).optional(),
  /** further impacts on people, threats and sources of risk: one a line */
  impacts: riskText,
  threats: riskText,
  sources: riskText,
  /** why severity and likelihood are what they are */
  severityWhy: riskText,
  likelihoodWhy: riskText,
  /** before measures */
  severity: level,
  likelihood: level,
  measures: z.string().trim().max(SHORT_TEXT),
  /** after measures */
  residualSeverity: level,
  residualLikelihood: level,
});
export type Risk = z.infer<typeof riskSchema>;

export const MOST_RISKS = 30;

export const screeningAnswerSchema = z.object({ met: z.boolean(), note: z.string().trim().max(500) });

export const dpiaPurposesSchema = z.array(purposeSchema).min(1, 'Name at least one purpose').max(4);
export const screeningSchema = z.partialRecord(z.enum(criterionKeys), screeningAnswerSchema);

export const dpiaContentSchema = z.object({
  purposes: dpiaPurposesSchema,
  screening: screeningSchema,
  processing: z.string().trim().max(LONG_TEXT),
  necessity: z.string().trim().max(LONG_TEXT),
  retention: z.string().trim().max(SHORT_TEXT),
  rights: z.string().trim().max(LONG_TEXT),
  risks: z.array(riskSchema).max(MOST_RISKS),
  opinion: z.string().trim().max(SHORT_TEXT),
});
export type DpiaContent = z.infer<typeof dpiaContentSchema>;

export const EMPTY_DPIA: DpiaContent = {
  purposes: ['service'],
  screening: {},
  processing: '',
  necessity: '',
  retention: '',
  rights: '',
  risks: [],
  opinion: '',
};

export const MOST_TITLE = 150;
export const MOST_DESCRIPTION = 2_000;

export const dpiaInputSchema = z.object({
  title: z.string().trim().min(3, 'At least 3 characters').max(MOST_TITLE),
  description: z.string().trim().max(MOST_DESCRIPTION),
  dueAt: z.coerce.date().nullable(),
  content: dpiaContentSchema,
});
export type DpiaInput = z.infer<typeof dpiaInputSchema>;

export const DPIA_STATUSES = ['draft', 'inReview', 'signed', 'rejected', 'reopened'] as const;
export type DpiaStatus = (typeof DPIA_STATUSES)[number];

export const signDpiaSchema = z.object({
  id: z.string().max(60),
  /** what was read: refused when it changed meanwhile */
  version: rowNumberSchema,
  verdict: z.enum(['approved', 'rejected']),
  opinion: z.string().trim().min(10, 'Give your opinion in a sentence at least').max(4_000),
  validMonths: z.number().int().min(1).max(36).default(12),
});
export type SignDpia = z.infer<typeof signDpiaSchema>;

/** Severity × likelihood in words; 16 cells. */
export function riskLevel(severity: number, likelihood: number): 'low' | 'medium' | 'high' {
  const product = severity * likelihood;
  if (product >= 9) return 'high';
  return product >= 4 ? 'medium' : 'low';
}

export interface DpiaGap {
  section: 'screening' | 'description' | 'necessity' | 'risks' | 'opinion';
  message: string;
}

/** What an assessment lacks before it can be signed. */
export function gapsOf(content: DpiaContent): DpiaGap[] {
  const gaps: DpiaGap[] = [];
  const unanswered = CRITERIA.filter(({ key }) => content.screening[key] === undefined);
  if (unanswered.length > 0) {
    gaps.push({ section: 'screening', message: `${unanswered.length} of 9 criteria are not answered` });
  }
  if (content.processing.length < 20)
    gaps.push({ section: 'description', message: 'What is done with which data' });
  if (content.necessity.length < 20)
    gaps.push({ section: 'necessity', message: 'Why it is necessary and proportionate' });
  if (content.retention.length < 3) gaps.push({ section: 'necessity', message: 'How long the data is kept' });
  if (content.rights.length < 10) gaps.push({ section: 'necessity', message: 'How people use their rights' });
  if (content.risks.length === 0) gaps.push({ section: 'risks', message: 'At least one risk' });
  for (const risk of content.risks) {
    if (riskLevel(risk.severity, risk.likelihood) !== 'low' && risk.measures.length < 5) {
      gaps.push({ section: 'risks', message: `Measures against "${risk.title}"` });
    }
  }
  return gaps;
}

export function metCriteria(content: DpiaContent): number {
  return CRITERIA.filter(({ key }) => content.screening[key]?.met === true).length;
}
