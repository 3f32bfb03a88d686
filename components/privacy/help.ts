import type { HelpTopic } from '@/components/ui/page';

export const PRIVACY_HELP: readonly HelpTopic[] = [
  {
    title: 'Clocks',
    text: 'Everything that must be done by a date: opt-outs not yet in force, DPIAs that are due, and signatures that lapse. The most urgent stands first.',
  },
  {
    title: 'Opt-outs of the last day',
    text: 'Each dot is one request; its height is the time from the request to its acknowledgement, when every linked key in every region was flagged. Open a dot to see each point of enforcement and its time.',
  },
  {
    title: 'Signals understood',
    text: 'Browsers and consent platforms say with an event what a person refuses: Global Privacy Control, IAB TCF and GPP strings, Segment’s categories. What a signal denies is refused from that very event on, and is on record within seconds. It takes back only what a signal of its kind denied, never what a person denied. A person who allows a purpose again is believed until a later signal says otherwise. What cannot be understood is counted and changes nothing.',
  },
  {
    title: 'Reveals',
    text: 'Names and contact data are masked. Who reveals them gives a reason; it ends after five minutes, or when you end it here.',
  },
  {
    title: 'Audit',
    text: 'Every entry carries the hash of the one before it, and the newest hash is kept outside the database as well. A changed, missing or cut entry shows when the chain is checked. Without that newest hash, the anchor, the check cannot tell that entries were cut from the end; the next entry sets it.',
  },
  {
    title: 'DPIAs',
    text: 'An assessment is signed by a privacy officer other than its last editor, where there is another. An edit, or a new purpose of a rule under it, opens it again; rules under it then stop.',
  },
  {
    title: 'Files of the CNIL’s PIA software',
    text: 'A DPIA goes out as a file that software imports, and such a file comes in as a new record or a new version, always as a draft. What it has no place for there (screening, purposes, further risks) travels in a part of its own; what has no place here is named when the file is taken over, and in the audit.',
  },
  {
    title: 'Who looked',
    text: 'Every audited read of a customer: who, in which role, what was on the screen, in clear or masked, and why. Filter by the id of a person or the key of a customer; CSV takes at most 10,000.',
  },
  {
    title: 'Requests of access, and Do Not Sell or Share',
    text: 'Open a customer. The report shows all that is held, where it came from, for which purposes and who looked, as GDPR or as CCPA asks. A request not to sell or share denies what Global Privacy Control denies, over all keys, and says how long that took.',
  },
];
