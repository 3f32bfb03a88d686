export {
  endReveal,
  listReveals,
  noteCardRead,
  type Reveal,
  revealCustomer,
  revealedUntil,
} from './card-access.service';
