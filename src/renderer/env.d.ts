/// <reference types="vite/client" />

/** For tools that read TypeScript but not Vue; vue-tsc sees each component's own type. */
declare module '*.vue' {
  import type { Component } from 'vue';
  const component: Component;
  export default component;
}
