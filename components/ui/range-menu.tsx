'use client';
import { Menu } from '@mantine/core';
import { Icon } from './icon';
import { RangeButton } from './range-button';
import { RANGE_PRESETS } from './time-range';

interface RangeMenuProps {
  words: string;
  current: string | null;
  onPreset: (key: string) => void;
}

/** The time ranges to choose from. Opens at once: it is loaded when it was asked for. */
export function RangeMenu({ words, current, onPreset }: RangeMenuProps) {
  return (
    <Menu position="bottom-end" width={190} defaultOpened>
      <Menu.Target>
        <RangeButton words={words} />
      </Menu.Target>
      <Menu.Dropdown>
        {RANGE_PRESETS.map((each) => (
          <Menu.Item
            key={each.key}
            onClick={() => onPreset(each.key)}
            rightSection={each.key === current ? <Icon name="check" size={14} /> : null}
          >
            {each.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
