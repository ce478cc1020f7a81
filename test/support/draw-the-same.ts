// Loaded before every test file: property tests draw the same cases each time, so that a red run can be run again.
// FAULTLINE_TEST_SEED=N draws others; FAULTLINE_TEST_SEED=random new ones each time.
import process from 'node:process';
import { configureGlobal } from 'fast-check';

const seed = process.env['FAULTLINE_TEST_SEED'] ?? '20';
if (seed !== 'random') configureGlobal({ seed: Number(seed) });
