import { createApp } from './app.js';
import { readConfig } from './config.js';

const config = readConfig(process.env);
const { service, faults, log } = createApp(config);

const { address, port } = await service.listen(config);
service.stopOnSignals({ drainMs: config.drainMs });
faults.start();
log.info('listening', { address, port, payments: config.payments.mode });
