import type { RuleDefinition, RuleInput } from '@/server/decisions/rule.schema';
import type { OwnProduct } from '../own-product';
import { signIn } from './opt-out-doors';
import { NOTE } from './paced-load';

const PURPOSE = 'service';
/** Each looks at every place of the text for as long as it can, and none is ever found: milliseconds an event. */
const PATTERNS = [21, 23, 27, 29, 31, 33, 37, 39, 41, 43, 47, 49, 53].map(
  (n) => `(a.{${n}}|b.{${n + 9}}|ab.{${n + 20}})[cd]`,
);

const input = (useCaseId: string | null): RuleInput => ({
  name: 'Looks long at every note',
  audienceId: null,
  definition: {
    when: [NOTE],
    if: PATTERNS.map((pattern) => `re(event.text("text"), "${pattern}")`).join(' || '),
    // biome-ignore lint/suspicious/noThenProperty: the word of the domain, never awaited
    then: { kind: 'service', title: 'Nothing to do', reason: 'It never holds.' },
    purpose: PURPOSE,
    coolDownSeconds: 60,
    priority: 1,
    queue: false,
  },
  useCaseId,
});

/** Only a rule of a use case that went live may be switched on: the demo's rules belong to one. */
async function liveUseCase(product: OwnProduct, cookie: string): Promise<string | null> {
  const response = await fetch(`${product.consoleUrl}/api/trpc/rules.list`, { headers: { cookie } });
  const { result } = (await response.json()) as {
    result: {
      data: { rules: { useCase: { id: string } | null; running: boolean; definition: RuleDefinition }[] };
    };
  };
  return (
    result.data.rules.find(({ running, definition }) => running && definition.purpose === PURPOSE)?.useCase
      ?.id ?? null
  );
}

/** A rule that makes handling slow, saved and switched by a person of ops. */
export class CostlyRule {
  #isOn = false;

  private constructor(
    private readonly call: (path: string, body: object) => Promise<unknown>,
    private readonly id: string,
  ) {}

  static async by(product: OwnProduct): Promise<CostlyRule> {
    const cookie = await signIn(product, 'ops');
    const call = async (path: string, body: object) => {
      const response = await fetch(`${product.consoleUrl}/api/trpc/rules.${path}`, {
        method: 'POST',
        headers: { cookie, origin: product.consoleUrl, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`rules.${path}: ${response.status} ${await response.text()}`);
      return ((await response.json()) as { result: { data: unknown } }).result.data;
    };
    const { id } = (await call('create', input(await liveUseCase(product, cookie)))) as { id: string };
    return new CostlyRule(call, id);
  }

  async set(isOn: boolean): Promise<void> {
    if (this.#isOn === isOn) return;
    await this.call('setEnabled', { id: this.id, enabled: isOn });
    this.#isOn = isOn;
  }
}
