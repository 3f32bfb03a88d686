import '../platform/env';
import './planted-cycle';
