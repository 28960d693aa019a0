/** The entry of the worker for tables, which is only fetched by those who bring one. */

import { serve } from '../worker/serve.js';
import { openTableDesk } from './table-desk.js';

serve((tell) => ({ begin: () => undefined, ...openTableDesk(tell) }));
