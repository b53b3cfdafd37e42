import { createSettings } from '@shop/service-kit';

/** Everything the frontend is told from outside, checked once. */
export function readConfig(env) {
  const settings = createSettings(env);
  return {
    host: settings.text('HOST', '127.0.0.1'),
    port: settings.number('PORT', 3000, { max: 65_535, integer: true }),
    version: settings.text('SHOP_VERSION', 'dev'),
    track: settings.text('SHOP_TRACK', 'stable'),
    environment: settings.text('SHOP_ENVIRONMENT', 'local'),
    /** Where /api goes on a developer's machine. In the cluster the gateway sends it to the backend itself. */
    backendUrl: settings.text('BACKEND_URL', ''),
    drainMs: settings.number('DRAIN_MS', 1000),
  };
}
