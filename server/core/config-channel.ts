/** Queue Redis channel on which changed definitions and settings of a workspace are told: whoever works by them reads again. */
export const CONFIG_CHANNEL = 'config.changed';
