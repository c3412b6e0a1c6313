import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { createApi } from './api.ts';
import App from './App.vue';
import { createAppRouter } from './router.ts';
import { apiKey } from './stores/client.ts';
import './theme/tokens.css';
import './theme/base.css';
import './theme/controls.css';

createApp(App).provide(apiKey, createApi()).use(createPinia()).use(createAppRouter()).mount('#app');
