import { Loading } from '@/components/shell/loading';

export default Loading;
