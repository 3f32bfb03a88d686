/** @type {import('next').NextConfig} */
export default {
  reactStrictMode: true,
  poweredByHeader: false,
  // `npm run check` types the whole project; a start need not wait for it again.
  typescript: { ignoreBuildErrors: true },
  // The one carries a native addon, which no bundle can hold; the other starts programs of its own from its folder.
  serverExternalPackages: ['@platformatic/kafka', 'bullmq'],
  experimental: { optimizePackageImports: ['@mantine/core', '@mantine/hooks', '@mantine/dates'] },
};
