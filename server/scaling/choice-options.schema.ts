import type { ChoiceOption } from './choice-option.schema';
import { ENGINE_OPTIONS } from './engine-options.schema';
import { LOG_OPTIONS } from './log-options.schema';

/** Everything that is compared. */
export const OPTIONS: readonly ChoiceOption[] = [...LOG_OPTIONS, ...ENGINE_OPTIONS];

export function optionOf(key: string): ChoiceOption | undefined {
  return OPTIONS.find((option) => option.key === key);
}
