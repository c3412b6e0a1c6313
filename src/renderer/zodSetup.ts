import { z } from 'zod';

/** Compiling schemas to functions needs eval, which the content security policy forbids. */
z.config({ jitless: true });
