'use client';
import { Tabs } from '@mantine/core';
import dynamic from 'next/dynamic';
import { useAddressParam } from '@/components/ui/address';
import { Page } from '@/components/ui/page';
import { SkeletonLines } from '@/components/ui/states';
import { CustomerSearch } from './customer-search';
import { PRIVACY_HELP } from './help';
import { Overview } from './overview';
import { PrivacyRefresh } from './privacy-refresh';

const loading = () => <SkeletonLines lines={6} />;
const AuditTab = dynamic(() => import('./audit-tab').then((module) => module.AuditTab), { loading });
const LooksTab = dynamic(() => import('./looks-tab').then((module) => module.LooksTab), { loading });
const DpiaTab = dynamic(() => import('./dpia-tab').then((module) => module.DpiaTab), { loading });
const CustomerConsent = dynamic(() => import('./customer-consent').then((module) => module.CustomerConsent), {
  ssr: false,
});

/** The officer's first screen: clocks, opt-outs, reveals, who looked at what; audit and assessments as tabs. */
export function PrivacyScreen() {
  const [tab, setTab] = useAddressParam('tab', 'now');
  const [customer, setCustomer] = useAddressParam('customer');
  return (
    <Page
      title="Privacy"
      about="What runs against a clock, and who looked at what"
      help={PRIVACY_HELP}
      actions={<CustomerSearch onFound={setCustomer} />}
    >
      <PrivacyRefresh />
      <Tabs value={tab} onChange={setTab} aria-label="Parts of this page">
        <Tabs.List mb="md">
          <Tabs.Tab value="now">Now</Tabs.Tab>
          <Tabs.Tab value="dpias">DPIAs</Tabs.Tab>
          <Tabs.Tab value="looks">Who looked</Tabs.Tab>
          <Tabs.Tab value="audit">Audit</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="now">
          <Overview onCustomer={setCustomer} />
        </Tabs.Panel>
        <Tabs.Panel value="dpias">
          <DpiaTab />
        </Tabs.Panel>
        <Tabs.Panel value="looks">
          <LooksTab />
        </Tabs.Panel>
        <Tabs.Panel value="audit">
          <AuditTab />
        </Tabs.Panel>
      </Tabs>
      {customer !== '' && <CustomerConsent customer={customer} onClose={() => setCustomer(null)} />}
    </Page>
  );
}
