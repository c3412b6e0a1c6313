import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

export interface Question {
  title: string;
  text: string;
  /** What the button that goes ahead says: a verb. */
  action: string;
}

/** One question at a time, only for what no undo brings back. */
export const useConfirmStore = defineStore('confirm', () => {
  const question = shallowRef<Question | null>(null);
  let settle: (answer: boolean) => void = () => undefined;

  function ask(next: Question): Promise<boolean> {
    settle(false);
    question.value = next;
    return new Promise((resolve) => {
      settle = resolve;
    });
  }

  function answer(goAhead: boolean): void {
    question.value = null;
    settle(goAhead);
  }

  return { question, ask, answer };
});
