/** Makes a new unique id with a prefix that tells its kind, such as `rule_…`. Injected, so that tests can fix it. */
export type NewId = (prefix: string) => string;
