import { setTimeout as pause } from 'node:timers/promises';
import type { ChaosProduct } from './chaos-product';
import type { Fault, Victim } from './fault-schedule';

/**
 * Carries one fault out, to the end of its time.
 * @returns whether it could be done: a process that is being started again cannot be killed
 */
export async function inject(chaos: ChaosProduct, fault: Fault): Promise<boolean> {
  switch (fault.kind) {
    case 'kill':
      return signal(chaos.pidOf(fault.victim), 'SIGKILL');
    case 'pause':
      return pauseProcess(chaos, fault.victim, fault.forMs);
    case 'cut':
      return chaos.proxyOf(fault.store).cut() > 0;
    case 'delay': {
      const proxy = chaos.proxyOf(fault.store);
      proxy.delay(fault.byMs);
      await pause(fault.forMs);
      proxy.delay(0);
      return true;
    }
    case 'half-open': {
      const end = chaos.proxyOf(fault.store).halfOpen();
      await pause(fault.forMs);
      end();
      return true;
    }
  }
}

async function pauseProcess(chaos: ChaosProduct, victim: Victim, forMs: number): Promise<boolean> {
  const pid = chaos.pidOf(victim);
  if (!signal(pid, 'SIGSTOP')) return false;
  await pause(forMs);
  signal(pid, 'SIGCONT');
  return true;
}

function signal(pid: number | undefined, name: NodeJS.Signals): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(pid, name);
  } catch {
    // It was gone already.
    return false;
  }
}
