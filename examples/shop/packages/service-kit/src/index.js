export { createLog } from './log.js';
export { createMetrics } from './metrics.js';
export { createRouter, HttpError, readJson, sendJson } from './router.js';
export { createService } from './service.js';
export { createSettings, SettingError } from './settings.js';
