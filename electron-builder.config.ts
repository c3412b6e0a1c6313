import { basename } from 'node:path';
import type { Configuration } from 'electron-builder';
import { noticesPath } from './scripts/notices.ts';

/** Packages that the renderer's build has taken in; at run time nothing loads them. */
const bundled = [
  '@tanstack/**',
  '@vue/**',
  'dompurify/**',
  'pinia/**',
  'uplot/**',
  'vue/**',
  'vue-router/**',
];

export const configuration: Configuration = {
  appId: 'org.afterimage.workbench',
  productName: 'Afterimage',
  copyright: 'MIT licence',
  directories: { buildResources: 'resources', output: 'dist' },
  files: [
    // Beside these, out has what tests and screenshots leave.
    'out/{main,core,shared,preload,renderer}/**',
    'out/package.js',
    noticesPath,
    'package.json',
    ...bundled.map((name) => `!node_modules/${name}`),
    '!**/*.{map,md,ts,mts,cts,flow}',
    '!node_modules/better-sqlite3/{deps,src}/**',
  ],
  // Beside the binary, where people look: the archive is none that they can read.
  extraFiles: [noticesPath, 'LICENSE'].map((from) => ({ from, to: basename(from) })),
  asar: true,
  asarUnpack: [
    // Libraries that the system loads, and their neighbours.
    '**/*.node',
    'node_modules/@img/**',
    // Sources that the native engine is compiled from: a compiler cannot look into an archive.
    'node_modules/@tensorflow/tfjs-node-gpu/binding/**',
    'node_modules/node-api-headers/include/**',
  ],
  // Native modules are Node-API and come built.
  npmRebuild: false,
  publish: null,
  electronFuses: {
    // The native engine is tried in a process of its own, which is this binary as plain Node; so are commands.
    runAsNode: true,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  },
  artifactName: '${productName}-${version}-${os}-${arch}.${ext}',
  linux: {
    target: ['AppImage', 'deb'],
    category: 'Science',
    icon: 'resources/icon.png',
    synopsis: 'Train image classifiers on their own class activation maps',
    maintainer: 'Afterimage',
    extraFiles: [{ from: 'resources/bin', to: 'bin' }],
  },
  mac: {
    target: ['dmg', 'zip'],
    category: 'public.app-category.education',
    icon: 'resources/icon.png',
    hardenedRuntime: true,
    entitlements: 'resources/entitlements.mac.plist',
    entitlementsInherit: 'resources/entitlements.mac.plist',
  },
  win: { target: ['nsis'], icon: 'resources/icon.png' },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
};
