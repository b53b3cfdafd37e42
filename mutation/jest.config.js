import shared from '../jest.config.js';

/** The unit project alone: a mutant is judged by the tests beside the sources. */
const [unit] = shared.projects;
export default { ...unit, rootDir: '..', testTimeout: shared.testTimeout };
