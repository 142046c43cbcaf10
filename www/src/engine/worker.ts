// The worker's script: answers the requests that the page sends to the worker.

import type { HostPort } from './host';
import { serve } from './host';

serve(globalThis as unknown as HostPort);
