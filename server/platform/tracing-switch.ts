/** Apart from the SDK and what loads it: pages are bundled with whatever a module of theirs may load. */
let isOn = false;

/** Whether spans are exported. Ask before anything is gathered for them: without tracing they cost nothing. */
export function tracingIsOn(): boolean {
  return isOn;
}

/** For who starts and stops the export. */
export function switchTracing(on: boolean): void {
  isOn = on;
}
