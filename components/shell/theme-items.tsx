'use client';
import { type MantineColorScheme, Menu, useMantineColorScheme } from '@mantine/core';
import { Icon, type IconName } from '@/components/ui/icon';

const SCHEMES: { value: MantineColorScheme; label: string; icon: IconName }[] = [
  { value: 'auto', label: 'Theme of the system', icon: 'screen' },
  { value: 'light', label: 'Light', icon: 'sun' },
  { value: 'dark', label: 'Dark', icon: 'moon' },
];

/** The theme as items of a menu: what the system has, or one kept for this browser. */
export function ThemeItems() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return SCHEMES.map(({ value, label, icon }) => (
    <Menu.Item
      key={value}
      leftSection={<Icon name={icon} />}
      rightSection={colorScheme === value ? <Icon name="check" /> : null}
      aria-current={colorScheme === value}
      onClick={() => setColorScheme(value)}
    >
      {label}
    </Menu.Item>
  ));
}
