import { computed, readonly, ref } from 'vue';

export const themeChoices = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

const storageKey = 'afterimage.theme';
const systemDark = window.matchMedia('(prefers-color-scheme: dark)');

function storedChoice(): ThemeChoice {
  const stored = localStorage.getItem(storageKey);
  return themeChoices.find((choice) => choice === stored) ?? 'system';
}

const choice = ref<ThemeChoice>(storedChoice());
const systemIsDark = ref(systemDark.matches);
const isDark = computed(() =>
  choice.value === 'system' ? systemIsDark.value : choice.value === 'dark',
);

const apply = (): void => {
  document.documentElement.dataset['theme'] = isDark.value ? 'dark' : 'light';
};
systemDark.addEventListener('change', ({ matches }) => {
  systemIsDark.value = matches;
  apply();
});
window.addEventListener('storage', ({ key }) => {
  if (key !== storageKey) return;
  choice.value = storedChoice();
  apply();
});
apply();

/** Light or dark, as the reader chose or the system says; one state for the page and all tabs. */
export function useTheme() {
  return {
    choice: readonly(choice),
    /** For what draws on a canvas and must draw again when the theme changes. */
    isDark,
    setTheme: (next: ThemeChoice): void => {
      choice.value = next;
      localStorage.setItem(storageKey, next);
      apply();
    },
  };
}

/** The value of a design token now, for canvases: `readToken('--paradigm-c')`. */
export const readToken = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();
