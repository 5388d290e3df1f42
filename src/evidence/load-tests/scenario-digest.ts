import type { LoadScenario } from '../declared.ts';
import { digestOf } from '../digest.ts';

/**
 * Identity of the test that a review file describes: of the normalised scenario as it stands in the declared evidence, templates
 * unexpanded and strings masked. A run of it carries this digest; any change of rates, requests or lengths makes another test.
 */
export const scenarioDigest = (scenario: LoadScenario): string => digestOf(scenario);
