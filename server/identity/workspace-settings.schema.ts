import { z } from 'zod';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '@/server/core/durations';

const gap = (least: number, most: number, fallback: number) =>
  z.number().int().min(least).max(most).default(fallback);

/** What a workspace may set of how its customers' time is read. All in milliseconds. */
export const workspaceSettingsSchema = z.object({
  /** The longest silence within one visit; exactly this long still keeps it. */
  visitGapMs: gap(MINUTE_MS, 24 * 60 * MINUTE_MS, 30 * MINUTE_MS),
  /** How long after its last cart event a cart is abandoned. */
  cartGapMs: gap(MINUTE_MS, 24 * 60 * MINUTE_MS, 30 * MINUTE_MS),
  /** How far behind a customer's newest event another may still correct results. */
  latenessMs: gap(0, 24 * 60 * MINUTE_MS, 10 * MINUTE_MS),
  /** How long after its newest event what is known of a customer still says something of now. */
  cardTtlMs: gap(SECOND_MS, 365 * DAY_MS, 30 * DAY_MS),
});
export type WorkspaceSettings = z.output<typeof workspaceSettingsSchema>;
export type StreamSettings = Pick<WorkspaceSettings, 'visitGapMs' | 'cartGapMs' | 'latenessMs'>;

/**
 * Gaps and lateness the stream works with.
 * @throws ZodError when the stored settings are not what the schema says
 */
export function streamSettingsOf(workspace: { settings: unknown }): StreamSettings {
  const { visitGapMs, cartGapMs, latenessMs } = workspaceSettingsSchema.parse(workspace.settings ?? {});
  return { visitGapMs, cartGapMs, latenessMs };
}

const currencies = new Set(Intl.supportedValuesOf('currency'));

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

export const currencySchema = z
  .string()
  .trim()
  .toUpperCase()
  .refine((code) => currencies.has(code), 'Not a currency code of ISO 4217, such as USD.');
export const timeZoneSchema = z
  .string()
  .trim()
  .max(64)
  .refine(isTimeZone, 'Not a time zone name, such as Europe/Berlin.')
  .meta({ examples: ['Europe/Berlin'] });
export const regionSchema = z
  .string()
  .trim()
  .regex(/^[a-z][a-z0-9-]{1,30}$/, 'Lower-case letters, digits and dashes, such as eu-central.');

export const addRegionSchema = z.strictObject({ region: regionSchema });
export type AddRegion = z.output<typeof addRegionSchema>;

/** The form of the workspace's settings page. */
export const workspaceFormSchema = z.strictObject({
  name: z.string().trim().min(1, 'Give the workspace a name.').max(80),
  currency: currencySchema,
  timeZone: timeZoneSchema,
  visitGapMinutes: z.number().int().min(1).max(1440),
  cartGapMinutes: z.number().int().min(1).max(1440),
  latenessSeconds: z.number().int().min(0).max(86_400),
  /** absent: stays as it is */
  cardTtlSeconds: z.number().int().min(1).max(31_536_000).optional(),
});
export type WorkspaceForm = z.output<typeof workspaceFormSchema>;

/** The form's minutes and seconds as the milliseconds that are stored; what it does not name stays as it was. */
export function settingsOfForm(form: WorkspaceForm, before: WorkspaceSettings): WorkspaceSettings {
  const { cardTtlSeconds } = form;
  return workspaceSettingsSchema.parse({
    cardTtlMs: cardTtlSeconds === undefined ? before.cardTtlMs : cardTtlSeconds * SECOND_MS,
    visitGapMs: form.visitGapMinutes * MINUTE_MS,
    cartGapMs: form.cartGapMinutes * MINUTE_MS,
    latenessMs: form.latenessSeconds * SECOND_MS,
  });
}
