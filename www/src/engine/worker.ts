// The worker's script: a host at the worker's own port.

import type { HostPort } from './host';
import { serve } from './host';

serve(globalThis as unknown as HostPort);
