import './planted-violation';
import '@platformatic/kafka';
