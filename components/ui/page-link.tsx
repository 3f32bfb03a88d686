'use client';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import type { ComponentProps } from 'react';

type PageLinkProps = Omit<ComponentProps<typeof Link>, 'href' | 'prefetch'> & { href: string };

/**
 * A link to a page of the console. The page is prepared when somebody points at the link or moves the focus to it: links
 * that are merely in view would each ask the server while this page's own data are on their way.
 */
export function PageLink({ href, ...rest }: PageLinkProps) {
  const router = useRouter();
  const prepare = () => router.prefetch(href);
  return <Link {...rest} href={href} prefetch={false} onPointerEnter={prepare} onFocus={prepare} />;
}
