import type { Directive } from 'vue';

type TextField = HTMLInputElement | HTMLTextAreaElement;
type Value = string | number;

/** Fields with a text that they have not told of yet. */
const unfinished = new WeakSet<TextField>();

function show(field: TextField, value: Value): void {
  const text = String(value);
  if (!unfinished.has(field) && field.value !== text) field.value = text;
}

/**
 * The value of a text field that tells of its changes when it is left. `:value` would put the old one
 * back over what is being typed whenever anything around the field is drawn again.
 */
export const vTyped: Directive<TextField, Value> = {
  beforeMount: (field, { value }) => {
    field.addEventListener('input', () => unfinished.add(field));
    field.addEventListener('change', () => unfinished.delete(field));
    show(field, value);
  },
  updated: (field, { value }) => {
    show(field, value);
  },
};
