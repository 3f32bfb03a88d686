const ABSOLUTE = /^https?:\/\/[^/?#]*/i;

/**
 * The target of a request as path and query. Senders that think of a proxy write the whole address, and a server has to
 * take it (RFC 9112, section 3.2.2).
 */
export function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const rest = target.replace(ABSOLUTE, '');
  return rest.startsWith('/') || rest === target ? rest : `/${rest}`;
}
