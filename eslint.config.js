import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import importX from 'eslint-plugin-import-x';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

/**
 * Imports point one way: core <- shared <- renderer, preload and main, and inside main towards the
 * store. What the numbers are is in core, what crosses between processes in shared.
 */
const importDirections = [
  { target: './src/core', from: ['./src/shared', './src/main', './src/renderer', './src/preload'] },
  { target: './src/shared', from: ['./src/main', './src/renderer', './src/preload'] },
  { target: './src/renderer', from: ['./src/main', './src/preload'] },
  { target: './src/preload', from: ['./src/main', './src/renderer'] },
  { target: './src/main', from: ['./src/renderer', './src/preload'] },
  { target: './src/main/platform', from: './src/main', except: ['./platform'] },
  { target: './src/main/learning/engine', from: './src/main/learning', except: ['./engine'] },
  ...['learning', 'store', 'datasets', 'export', 'engines'].map((folder) => ({
    target: `./src/main/${folder}`,
    from: './src/main',
    except: [`./${folder}`, './platform'],
  })),
  {
    target: './src/main/training',
    from: './src/main',
    except: ['./training', './store', './platform'],
  },
  { target: './src/main/workbench.ts', from: ['./src/main/transports', './src/main/learning'] },
];

const onlyImporter = (pattern, message) => ({ regex: pattern, message });

/** What only one room may import. */
const librariesOfRooms = onlyImporter(
  '^(better-sqlite3|@tensorflow/)',
  'Only src/main/store imports better-sqlite3, only src/main/learning imports tfjs.',
);

/** A file that is written in place is lost where the disk is full or the process is killed. */
const writingInPlace = {
  regex: '^(node:)?fs(/promises)?$',
  importNames: [
    ...['writeFile', 'writeFileSync', 'appendFile', 'appendFileSync', 'createWriteStream'],
    ...['rename', 'renameSync', 'default'],
  ],
  message:
    'Write what is kept with saveOutput, publishDataFile, saveFile or publish of src/main/platform/files.ts.',
};

/** Node's own never ends where a folder cannot be made below /proc or a share that is gone. */
const makingFolders = {
  regex: '^(node:)?fs(/promises)?$',
  importNames: ['mkdir', 'mkdirSync'],
  message: 'Make folders with makeFolder of src/main/platform/folders.ts.',
};

/** These write what is kept by nobody: what is part of a folder in the making, or goes again. */
const writersOfScraps = ['src/main/engines/{compile,pip,wheel}.ts'];
const trainersScraps = 'src/main/learning/engine/native/graphProgram.ts';

const refuseImports = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

let areComponentsOpen = false;

/**
 * Types are worked out anew whenever a text is opened that was not known. So all components are opened
 * before the first is linted: then that is done once, and not for each of them.
 */
function openComponents(options) {
  areComponentsOpen = true;
  const { parser } = vue.configs['flat/base'].find(
    ({ languageOptions }) => languageOptions?.parser,
  ).languageOptions;
  for (const file of globSync('src/**/*.vue', { cwd: import.meta.dirname })) {
    const filePath = join(import.meta.dirname, file);
    const text = readFileSync(filePath, 'utf8');
    try {
      parser.parseForESLint(text, { ...options, filePath, parser: tseslint.parser });
    } catch {
      // What cannot be read is told when it is itself linted.
    }
  }
}

/** TypeScript's parser for scripts of components; templates and styles come to it without `projectService`. */
const scriptParser = {
  ...tseslint.parser,
  parseForESLint(code, options) {
    if (options.projectService && !areComponentsOpen) openComponents(options);
    return tseslint.parser.parseForESLint(code, options);
  },
};

export default tseslint.config(
  { ignores: ['node_modules', 'out', 'dist', 'coverage'] },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  vue.configs['flat/recommended'],
  {
    plugins: { 'import-x': importX },
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones: importDirections }],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      // Recurses without end on zod's self-referring types, which ends the whole lint (8.73).
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      'no-console': ['error', { allow: ['error'] }],
    },
  },
  {
    files: ['src/**/*.ts', 'src/**/*.vue'],
    rules: refuseImports(librariesOfRooms, writingInPlace, makingFolders),
  },
  {
    files: ['src/main/platform/**'],
    rules: refuseImports(librariesOfRooms),
  },
  { files: writersOfScraps, rules: refuseImports(librariesOfRooms, makingFolders) },
  { files: [trainersScraps], rules: { 'no-restricted-imports': 'off' } },
  {
    files: ['src/main/store/**', 'src/main/learning/**'],
    ignores: [trainersScraps],
    rules: refuseImports(writingInPlace, makingFolders),
  },
  {
    files: ['src/core/**', 'src/shared/**'],
    rules: refuseImports(
      onlyImporter(
        '^(node:|electron|better-sqlite3|@tensorflow/|vue)',
        'src/core and src/shared run everywhere: no node, DOM, electron or tfjs.',
      ),
    ),
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/renderer/**'],
    rules: { 'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }] },
  },
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: scriptParser } },
    // TypeScript knows the page's globals, and which properties may be left out.
    rules: { 'no-undef': 'off', 'vue/require-default-prop': 'off' },
  },
  {
    files: ['test/**', 'bench/**'],
    rules: { 'max-lines-per-function': 'off', 'no-console': 'off' },
  },
  {
    // Of these, .oxlintrc.json has the rules that ask for types, several times faster; it reads no components.
    files: ['**/*.ts', '**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
  },
  prettier,
);
