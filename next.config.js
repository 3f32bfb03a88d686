/** @type {import('next').NextConfig} */
export default {
  reactStrictMode: true,
  poweredByHeader: false,
  // `npm run check` types the whole project; a start need not wait for it again.
  typescript: { ignoreBuildErrors: true },
  // Carries a native addon, which no bundle can hold.
  serverExternalPackages: ['@platformatic/kafka'],
  experimental: { optimizePackageImports: ['@mantine/core', '@mantine/hooks', '@mantine/dates'] },
};
