/** Telling configured addresses and nowhere else: signed, retried, and every try kept. */
export { deliverWebhook, leaveWebhook, workOnWebhooks } from './deliver.ts';
export { webhookWorker } from './configured.ts';
export { openDeliveries } from './store.ts';
