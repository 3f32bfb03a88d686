import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const accent: MantineColorsTuple = [
  '#eef4ff',
  '#dce8fe',
  '#b9d1fc',
  '#8fb5f9',
  '#6a9af4',
  '#447eea',
  '#2563d6',
  '#1f56bb',
  '#1a489b',
  '#153b80',
];

/** Greys of the dark theme in the tint of `tokens.css`: Mantine takes its fields, lists and disabled parts from them. */
const dark: MantineColorsTuple = [
  '#e8ecf0',
  '#b1bbc5',
  '#8f9aa6',
  '#65707c',
  '#3a444e',
  '#2a3138',
  '#191e23',
  '#13171b',
  '#0f1316',
  '#0c0f12',
];

/** Mantine in our own measure: 13 px text, 30 px controls, one accent. Colours come from `tokens.css`. */
export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: 6,
  colors: { accent, dark },
  fontFamily: 'var(--font-geist-sans), system-ui, sans-serif',
  fontFamilyMonospace: 'var(--font-geist-mono), ui-monospace, monospace',
  fontSizes: { xs: '13px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  spacing: { xs: '6px', sm: '10px', md: '14px', lg: '20px', xl: '28px' },
  radius: { xs: '3px', sm: '5px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '18px', lineHeight: '1.3' },
      h2: { fontSize: '14px', lineHeight: '1.4' },
      h3: { fontSize: '13px', lineHeight: '1.4' },
    },
  },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 30 } },
    TextInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', comboboxProps: { shadow: 'md' } } },
    NativeSelect: { defaultProps: { size: 'xs' } },
    MultiSelect: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Tabs: { defaultProps: { keepMounted: false } },
    Tooltip: { defaultProps: { withArrow: false, openDelay: 300, fz: 12 } },
    Drawer: {
      defaultProps: {
        closeButtonProps: { 'aria-label': 'Close' },
        position: 'right',
        overlayProps: { backgroundOpacity: 0.25 },
        shadow: 'lg',
      },
    },
    Modal: {
      defaultProps: {
        closeButtonProps: { 'aria-label': 'Close' },
        centered: true,
        overlayProps: { backgroundOpacity: 0.35 },
        shadow: 'lg',
      },
    },
    Menu: { defaultProps: { shadow: 'md', withinPortal: true } },
  },
});

const bridged = {
  '--mantine-color-body': 'var(--mr-pane)',
  '--mantine-color-text': 'var(--mr-text)',
  '--mantine-color-dimmed': 'var(--mr-text-3)',
  '--mantine-color-placeholder': 'var(--mr-text-3)',
  '--mantine-color-anchor': 'var(--mr-accent)',
  '--mantine-color-default': 'var(--mr-raised)',
  '--mantine-color-default-hover': 'var(--mr-hover)',
  '--mantine-color-default-color': 'var(--mr-text)',
  '--mantine-color-default-border': 'var(--mr-line)',
  '--mantine-color-error': 'var(--mr-red)',
  '--mantine-color-accent-light': 'var(--mr-accent-soft)',
  '--mantine-color-accent-light-color': 'var(--mr-accent)',
  '--mantine-color-accent-outline': 'var(--mr-accent)',
  '--mantine-color-accent-text': 'var(--mr-accent)',
  '--mantine-color-red-light': 'var(--mr-red-soft)',
  '--mantine-color-red-light-color': 'var(--mr-red)',
  '--mantine-color-red-outline': 'var(--mr-red)',
  '--mantine-color-red-text': 'var(--mr-red)',
  '--mantine-color-red-filled': '#bd1e27',
  '--mantine-color-red-filled-hover': '#a11820',
  '--mantine-color-gray-light': 'var(--mr-sunken)',
  '--mantine-color-gray-light-color': 'var(--mr-text-2)',
  '--mantine-color-gray-text': 'var(--mr-text-2)',
};

/** Mantine's own variables, pointed at our tokens, so that its parts and ours cannot drift apart. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: bridged,
  dark: bridged,
});
