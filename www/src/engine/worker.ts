// The worker: a host at the worker's own port, and nothing else. May import: host.

import type { HostPort } from './host';
import { serve } from './host';

serve(globalThis as unknown as HostPort);
