/** The worker's entry: digits. */

import { openDesk } from './desk.js';
import { serve } from './serve.js';

serve(openDesk);
